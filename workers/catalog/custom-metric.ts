// Metrics that users make: counted over events of their choosing, or one metric divided by another.

import * as z from "zod";
import { filterSchema } from "../domain/query.ts";
import { isCatalogued } from "./packs/index.ts";

const property = z.string().min(1).max(120);
/** Events that count; all when empty. */
const filters = z.array(filterSchema).max(20).default([]);

const NAME = "use 1 to 50 small letters, digits and underscores, a letter first";
const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}$/, NAME)
  .refine((name) => !isCatalogued(name), "is a metric of the catalogue; choose another name");

/** A metric of the catalogue or of the site; `orders@2` is the second version of `orders`. */
const partSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}(@[1-9]\d{0,5})?$/, "name a metric, or a version as orders@2");

/** `percentile` is from above 0 to 100; `ratio` is in percent when it says so; `total` is the parts without those of `less`. */
export const metricDefinitionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("count"), filters }),
  z.strictObject({
    kind: z.literal("unique"),
    of: z.union(
      [z.enum(["visitors", "visits", "users"]), z.strictObject({ property })],
      `use visitors, visits, users or { "property": "plan" }`,
    ),
    filters,
  }),
  z.strictObject({ kind: z.enum(["sum", "average"]), property, filters }),
  z.strictObject({ kind: z.literal("percentile"), property, percentile: z.number().gt(0).max(100), filters }),
  z.strictObject({
    kind: z.literal("ratio"),
    part: partSchema,
    whole: partSchema,
    percent: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("total"),
    parts: z.array(partSchema).min(1).max(10),
    less: z.array(partSchema).max(10).default([]),
  }),
]);

const settings = {
  label: z.string().trim().min(1).max(80),
  about: z.string().trim().max(500).default(""),
  unit: z.enum(["count", "ratio", "percent", "seconds"]).default("count"),
  better: z.enum(["higher", "lower", "neither"]).default("neither"),
  definition: metricDefinitionSchema,
};

export const newMetricSchema = z.strictObject({ name: nameSchema, ...settings });
export const metricVersionSchema = z.strictObject(settings);

export type MetricDefinition = z.infer<typeof metricDefinitionSchema>;
export type NewMetric = z.infer<typeof newMetricSchema>;

/** One version of it; versions never change. */
export interface CustomMetric extends NewMetric {
  version: number;
  /** Milliseconds. */
  createdAt: number;
  /** No longer listed, and found only by its version. */
  archived: boolean;
}

/** The version that a name means: the last that is not archived, or the one after `@`. */
export function customMetricNamed(metrics: readonly CustomMetric[], name: string): CustomMetric | undefined {
  const [plain, version] = name.split("@");
  const own = metrics.filter((metric) => metric.name === plain);
  if (version !== undefined) return own.find((metric) => metric.version === Number(version));
  return own.filter(({ archived }) => !archived).toSorted((a, b) => b.version - a.version)[0];
}
