// Insights as the API tells of them.
import * as z from "zod";
import { querySchema } from "../domain/query.ts";
import type { Found } from "../reports/find-insights.ts";
import type { Cause, Contribution, Figure, Insight } from "../reports/insight.ts";

const number = z.number().nullable();

const figure = z
  .strictObject({
    name: z.string(),
    metric: z.string(),
    value: number,
    text: z.string(),
    query: querySchema.nullable(),
  })
  .meta({ id: "InsightFigure" }) satisfies z.ZodType<Figure>;

const contribution = z.strictObject({
  values: z.array(z.string()),
  now: z.number(),
  before: z.number(),
  adds: z.number(),
  mix: number,
  rate: number,
}) satisfies z.ZodType<Contribution>;

const cause = z
  .strictObject({
    how: z.enum(["part", "rate", "mix", "all"]),
    dimensions: z.array(z.string()),
    values: z.array(z.string()),
    share: number,
    rates: z.strictObject({ now: z.number(), before: z.number() }).nullable(),
    contributions: z.array(contribution),
  })
  .meta({ id: "InsightCause" }) satisfies z.ZodType<Cause>;

const insight = z
  .strictObject({
    kind: z.string(),
    metric: z.string(),
    text: z.string(),
    tone: z.enum(["better", "worse", "neither"]),
    matters: z.number(),
    figures: z.array(figure),
    cause: cause.nullable(),
    link: z.string(),
  })
  .meta({ id: "Insight" }) satisfies z.ZodType<Insight>;

const found = z.strictObject({
  standing: z.enum(["told", "nothing_notable", "little_data"]),
  note: z.string(),
  history: z.strictObject({ days: z.int(), needed: z.int() }),
  exact: z.boolean(),
  insights: z.array(insight),
}) satisfies z.ZodType<Found>;

const moments = { from: z.string(), to: z.string() };

export const insightsReply = found.extend({
  timeZone: z.string(),
  period: z.strictObject({ ...moments, running: z.boolean() }),
  comparison: z.strictObject(moments),
});

export type Insights = z.infer<typeof insightsReply>;
