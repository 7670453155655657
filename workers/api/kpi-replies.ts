// KPIs as the API tells of them.
import * as z from "zod";
import { type Kpi, kpiSchema } from "../catalog/kpi.ts";
import type { KpiPeriod, MappedGoal } from "../query/kpi.ts";

export const kpiReply = kpiSchema
  .extend({ id: z.string(), version: z.int(), createdAt: z.int() })
  .meta({ id: "Kpi" }) satisfies z.ZodType<Kpi>;

export const periodReply = z
  .strictObject({
    since: z.string(),
    value: z.number().nullable(),
    target: z.number(),
    status: z.enum(["met", "near", "missed", "unknown"]),
    running: z.boolean(),
  })
  .meta({ id: "KpiPeriod" }) satisfies z.ZodType<KpiPeriod>;

const metric = z.strictObject({ name: z.string(), events: z.array(z.string()) });
const kpi = z.strictObject({ id: z.string(), name: z.string(), owner: z.string(), metrics: z.array(metric) });

export const mappedReply = z.strictObject({
  businessGoal: z.string(),
  kpis: z.array(kpi),
}) satisfies z.ZodType<MappedGoal>;
