// A HEART sheet (Rodden, Hutchinson and Fu, CHI 2010): for each side of the experience of users what is wanted, by what it
// would show, and the metric that tells.

import * as z from "zod";

export const HEART_SIDES = ["happiness", "engagement", "adoption", "retention", "task_success"] as const;

const lineSchema = z.strictObject({
  side: z.enum(HEART_SIDES),
  goal: z.string().trim().min(1).max(500),
  signal: z.string().trim().max(500).default(""),
  /** Of the catalogue, or the site's own. */
  metric: z.string().max(60),
  target: z.number().nullable().default(null),
  better: z.enum(["higher", "lower"]).default("higher"),
});

export const heartSheetSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  lines: z.array(lineSchema).min(1).max(20),
});

export type NewHeartSheet = z.infer<typeof heartSheetSchema>;

export interface HeartSheet extends NewHeartSheet {
  id: string;
  /** Counts its changes. */
  version: number;
  /** Milliseconds. */
  createdAt: number;
}
