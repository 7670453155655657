// Funnels: the steps as the analysis takes them, and those that a site keeps under a name.

import * as z from "zod";
import { MOST_MATCHERS, matcherSchema, PERSON_KINDS } from "./question.ts";
import { type Resource, resourceName } from "./resource.ts";

export const windowSchema = z.union([z.literal("session"), z.int().min(1)], 'use milliseconds, or "session"');
export const personSchema = z.enum(PERSON_KINDS, `use one of ${PERSON_KINDS.join(", ")}`);

/** What a funnel asks. */
export const funnelSchema = z.strictObject({
  /** In order. */
  steps: z.array(matcherSchema).min(2, "a funnel has 2 steps or more").max(MOST_MATCHERS),
  /** From the first step to any other: milliseconds, or within one session; without limit when left out. */
  window: windowSchema.optional(),
  by: personSchema.default("visitor"),
  /** Each step later than the one before, and so by another event. */
  strict: z.boolean().default(false),
  /** A dimension of the first step's event. */
  breakdown: z.string().max(200).optional(),
});

export const newFunnelSchema = funnelSchema.extend({
  name: resourceName,
  about: z.string().trim().max(1000).default(""),
});

export type NewFunnel = z.infer<typeof newFunnelSchema>;
export interface Funnel extends NewFunnel, Resource {}
