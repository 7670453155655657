// What a funnel asks: as clients write it, and as shards take it.

import * as z from "zod";
import { matcherSchema } from "../domain/question.ts";
import { MOST_MATCHERS } from "../engine/histories.ts";
import { asks } from "./analysis.ts";
import type { AttemptRule } from "./funnel-attempt.ts";
import { namedFilterSchema, nameOf, personSchema } from "./people.ts";
import { dimensionSchema } from "./table.ts";

const windowSchema = z.union([z.literal("session"), z.int().min(1)], 'use milliseconds, or "session"');

const asked = z.strictObject({
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

export const funnelParams = z.strictObject({
  steps: z.array(namedFilterSchema).min(2).max(MOST_MATCHERS),
  window: windowSchema.nullable(),
  by: personSchema,
  strict: z.boolean(),
  breakdown: dimensionSchema.nullable(),
  elsewhere: z.boolean(),
});
export type FunnelParams = z.infer<typeof funnelParams>;

export const askFunnel = asks(asked, (written, question): FunnelParams => {
  written.steps.forEach((step, index) => {
    const { name: _, ...what } = step;
    const { name: __, ...before } = written.steps[index - 1] ?? {};
    if (index > 0 && !written.strict && JSON.stringify(what) === JSON.stringify(before)) {
      const message = "the same as the step before, so that one event would reach both; set params.strict to true";
      question.refuse(`params.steps.${index}`, message);
    }
  });
  return {
    ...written,
    steps: written.steps.map((step, index) => ({
      name: nameOf(step),
      filter: question.matcher(step, `params.steps.${index}`),
    })),
    window: written.window ?? null,
    breakdown: written.breakdown ? question.dimension(written.breakdown, "params.breakdown") : null,
    elsewhere: question.elsewhere,
  };
});

export function ruleOf({ window, strict }: FunnelParams): AttemptRule {
  return { window: window === "session" ? null : window, strict };
}
