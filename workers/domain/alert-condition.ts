// What a rule looks for: the conditions, and how finely their metrics must be known.
import * as z from "zod";

const metric = z.string().min(1).max(60).meta({ title: "Metric" });
const minutes = z.int().min(1).max(1440).meta({ title: "Minutes looked at" });
const direction = z.enum(["more", "less", "either"]).default("either").meta({ title: "Direction" });
const side = z.enum(["above", "below"]).default("above").meta({ title: "Is" });

const thresholdSchema = z
  .strictObject({
    kind: z.literal("threshold"),
    metric,
    minutes: minutes.default(10),
    is: side,
    value: z.number().meta({ title: "This value" }),
    /** Once it holds it holds until this value is reached; null for the same value. */
    clear: z
      .number()
      .nullable()
      .default(null)
      .meta({ title: "Clears at", description: "The same value when left out." }),
  })
  .refine(({ is, value, clear }) => clear === null || (is === "above" ? clear <= value : clear >= value), {
    path: ["clear"],
    message: "must lie on the well side of value",
  });

const changeSchema = z.strictObject({
  kind: z.literal("change"),
  metric,
  minutes: minutes.default(60),
  /** The time just before, or the same hours a week ago. */
  against: z.enum(["before", "week"]).default("before").meta({ title: "Against" }),
  by: direction,
  percent: z.number().min(1).max(100_000).default(50).meta({ title: "Percent" }),
  /** With less than this before it, nothing is said: small numbers double by chance. */
  least: z.number().min(0).default(20).meta({ title: "Only from this much on" }),
});

const absenceSchema = z.strictObject({ kind: z.literal("absence"), metric, minutes: minutes.default(30) });

const anomalySchema = z.strictObject({
  kind: z.literal("anomaly"),
  metric,
  by: direction,
  sensitivity: z.enum(["low", "medium", "high"]).default("medium").meta({ title: "Sensitivity" }),
});

const forecastSchema = z.strictObject({
  kind: z.literal("forecast"),
  metric,
  /** How far ahead is looked. */
  hours: z.int().min(1).max(72).default(24).meta({ title: "Hours ahead" }),
  is: side,
  value: z.number().meta({ title: "This value in an hour" }),
});

const budgetSchema = z.strictObject({
  kind: z.literal("budget"),
  metric,
  limit: z.number().positive().meta({ title: "Limit" }),
  /** Of local time. */
  period: z.enum(["day", "week", "month"]).default("month").meta({ title: "In a" }),
  /** What came so far, or what will have come at the end. */
  by: z.enum(["spent", "projected"]).default("spent").meta({ title: "By what is" }),
  percent: z.number().min(1).max(1000).default(100).meta({ title: "Percent of the limit" }),
});

const ruleSchema = z.strictObject({
  kind: z.literal("rule"),
  /** Another rule of the site, by its id. */
  rule: z.string().min(1).max(60).meta({ title: "Rule" }),
  is: z.enum(["firing", "well"]).default("firing").meta({ title: "Is" }),
});

export const conditionSchema = z.discriminatedUnion("kind", [
  thresholdSchema,
  changeSchema,
  absenceSchema,
  anomalySchema,
  forecastSchema,
  budgetSchema,
  ruleSchema,
]);

export type AlertCondition = z.infer<typeof conditionSchema>;
/** Of a metric's series; the others are of rules. */
export type MetricCondition = Exclude<AlertCondition, { kind: "rule" }>;
export type ConditionKind = MetricCondition["kind"];
export type ConditionOf<Kind extends ConditionKind> = Extract<MetricCondition, { kind: Kind }>;
