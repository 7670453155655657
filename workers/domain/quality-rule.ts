// What a site's owner expects of events and metrics beyond the plan: ranges, forms, fields that agree, shares that stay small.

import * as z from "zod";

/** A field of the event, or one of its properties by a dotted path: `path`, `revenue.amount`, `props.product.id`. */
const fieldSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z]\w*(?:\.[^.\s]+)*$/, "use a field such as path, revenue.amount or props.product_id")
  .meta({ title: "Field", description: "path, revenue.amount, props.product_id" });

/** RE2: linear time, neither look-around nor back-references. Whether it is one says who compiles it. */
const patternSchema = z.string().min(1).max(500).meta({ title: "Pattern", description: "RE2, such as ^[a-z]+$" });

const bounds = {
  min: z.number().optional().meta({ title: "At least" }),
  max: z.number().optional().meta({ title: "At most" }),
};

interface Bounds {
  min?: number | undefined;
  max?: number | undefined;
}

const isBounded = ({ min, max }: Bounds): boolean => min !== undefined || max !== undefined;
const isOrdered = ({ min, max }: Bounds): boolean => min === undefined || max === undefined || min <= max;
const BOUNDED = "give min, max or both";
const ORDERED = "min must not be above max";

export const conditionSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("range"), field: fieldSchema, ...bounds })
    .refine(isBounded, BOUNDED)
    .refine(isOrdered, ORDERED)
    .meta({ title: "is a number within bounds" }),
  z
    .strictObject({ kind: z.literal("pattern"), field: fieldSchema, pattern: patternSchema })
    .meta({ title: "is like a pattern" }),
  z
    .strictObject({
      kind: z.literal("one_of"),
      field: fieldSchema,
      values: z.array(z.string().max(500)).min(1).max(200).meta({ title: "Values" }),
    })
    .meta({ title: "is one of some values" }),
  z
    .strictObject({
      kind: z.literal("compare"),
      field: fieldSchema,
      operator: z.enum(["<", "<=", "=", "!=", ">=", ">"]).meta({ title: "Is" }),
      other: fieldSchema.meta({ title: "The other field" }),
    })
    .meta({ title: "goes with another field" }),
  /** All of them or none. */
  z
    .strictObject({
      kind: z.literal("together"),
      fields: z.array(fieldSchema).min(2).max(20).meta({ title: "Fields, all of them or none" }),
    })
    .meta({ title: "comes with others or not at all" }),
  z.strictObject({ kind: z.literal("required"), field: fieldSchema }).meta({ title: "is there" }),
]);

const named = { name: z.string().trim().min(1).max(120).meta({ title: "Name of the rule" }) };

export const qualityRuleSchema = z
  .discriminatedUnion("on", [
    /** Every event of the name, or of any name, fulfils the condition; up to `tolerated` percent of them need not. */
    z
      .strictObject({
        on: z.literal("events"),
        ...named,
        /** Null for events of all names. */
        event: z
          .string()
          .min(1)
          .max(120)
          .nullable()
          .default(null)
          .meta({ title: "Event", description: "Left empty, events of all names" }),
        condition: conditionSchema.meta({ title: "A field" }),
        tolerated: z.number().min(0).max(100).default(0).meta({ title: "Percent that may break it" }),
      })
      .meta({ title: "events" }),
    /** The metric's value over the time looked at. */
    z
      .strictObject({
        on: z.literal("metric"),
        ...named,
        metric: z.string().min(1).max(60).meta({ title: "Metric", description: "bounce_rate, or one of your own" }),
        ...bounds,
      })
      .refine(isBounded, BOUNDED)
      .refine(isOrdered, ORDERED)
      .meta({ title: "a metric of the day" }),
  ])
  .meta({ title: "The rule is about" });

export type QualityCondition = z.infer<typeof conditionSchema>;
export type QualityRule = z.infer<typeof qualityRuleSchema>;
export type EventRule = Extract<QualityRule, { on: "events" }>;
export type MetricRule = Extract<QualityRule, { on: "metric" }>;
