// What a team is measured by: a formula over metrics, a target that may change, an owner, and the business goal that it serves.

import * as z from "zod";
import { parseFormula } from "../domain/formula.ts";

const formulaSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    const formula = parseFormula(text);
    if ("problem" in formula) context.addIssue({ code: "custom", message: formula.problem });
  });

export const kpiSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  about: z.string().trim().max(1000).default(""),
  /** Who answers for it. */
  owner: z.string().trim().max(200).default(""),
  businessGoal: z.string().trim().max(200).default(""),
  formula: formulaSchema,
  unit: z.enum(["count", "ratio", "percent", "seconds", "money"]).default("count"),
  better: z.enum(["higher", "lower"]).default("higher"),
  /** How long a period it is told of. */
  every: z.enum(["day", "week", "month"]).default("month"),
  /** From a local date on; a period is judged by the one in force when it begins, the first before that. */
  targets: z
    .array(z.strictObject({ since: z.iso.date("use a date such as 2026-11-21"), target: z.number() }))
    .min(1)
    .max(100),
  /** Percent of the target by which it may be missed and still count as near. */
  tolerance: z.number().min(0).max(100).default(10),
});

export type NewKpi = z.infer<typeof kpiSchema>;

export interface Kpi extends NewKpi {
  id: string;
  /** Counts its changes. */
  version: number;
  /** Milliseconds. */
  createdAt: number;
}

export type KpiStatus = "met" | "near" | "missed" | "unknown";

/** The target in force on a local date. */
export function targetOn({ targets }: Pick<NewKpi, "targets">, date: string): number {
  const inOrder = targets.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  return (inOrder.findLast(({ since }) => since <= date) ?? inOrder[0]!).target;
}

export interface Judging {
  target: number;
  better: "higher" | "lower";
  tolerance: number;
}

export function statusOf(value: number | null, { target, better, tolerance }: Judging): KpiStatus {
  if (value === null) return "unknown";
  const short = better === "higher" ? target - value : value - target;
  if (short <= 0) return "met";
  return short <= (Math.abs(target) * tolerance) / 100 ? "near" : "missed";
}
