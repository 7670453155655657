// What services say that they take, as schemas that allow nothing else.
import * as z from "zod";

const uint64 = z
  .string("64 bits are text in the JSON of Protocol Buffers")
  .regex(/^\d{1,20}$/)
  .refine((text) => BigInt(text) < 2n ** 64n);
const anyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value: anyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, "keys of attributes are unique");
const numberPoint = z
  .strictObject({
    attributes: attributes.optional(),
    startTimeUnixNano: uint64.optional(),
    timeUnixNano: uint64.refine((text) => text !== "0", "0 is an unknown time"),
    asDouble: z.number().optional(),
    asInt: z
      .string()
      .regex(/^-?\d+$/)
      .optional(),
    flags: z.int().optional(),
  })
  .refine(({ asDouble, asInt }) => (asDouble === undefined) !== (asInt === undefined), "one value a point")
  .refine(({ startTimeUnixNano = "0", timeUnixNano }) => BigInt(startTimeUnixNano) <= BigInt(timeUnixNano));
const otlpMetric = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z][\w./-]{0,254}$/),
    description: z.string().optional(),
    unit: z.string().max(63).optional(),
    gauge: z.strictObject({ dataPoints: z.array(numberPoint).min(1) }).optional(),
    sum: z
      .strictObject({
        // Delta or cumulative, as a number: names of enums are not allowed.
        aggregationTemporality: z.union([z.literal(1), z.literal(2)]),
        isMonotonic: z.boolean().optional(),
        dataPoints: z.array(numberPoint.refine((point) => point.startTimeUnixNano !== undefined)).min(1),
      })
      .optional(),
  })
  .refine(({ gauge, sum }) => (gauge === undefined) !== (sum === undefined), "one kind of data");

/** ExportMetricsServiceRequest of opentelemetry-proto 1, in its JSON mapping: numbers are gauges and sums here. */
export const otlpPayload = z.strictObject({
  resourceMetrics: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes: attributes.optional() }).optional(),
        scopeMetrics: z.array(
          z.strictObject({
            scope: z.strictObject({ name: z.string().optional(), version: z.string().optional() }).optional(),
            metrics: z
              .array(otlpMetric)
              .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "a metric stands once"),
            schemaUrl: z.string().optional(),
          }),
        ),
        schemaUrl: z.string().optional(),
      }),
    )
    .min(1),
});

/** MetricPayload of Datadog's API, version 2: a name begins with a letter and has 200 signs at most. */
export const datadogPayload = z.strictObject({
  series: z
    .array(
      z
        .strictObject({
          metric: z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,199}$/),
          type: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
          interval: z.int().positive().optional(),
          points: z.array(z.strictObject({ timestamp: z.int().max(1e11), value: z.number() })).min(1),
          resources: z.array(z.strictObject({ name: z.string(), type: z.string() })).optional(),
          source_type_name: z.string().optional(),
          tags: z.array(z.string().min(1).max(200)).optional(),
          unit: z.string().optional(),
        })
        .refine(({ type, interval }) => (type === 1 || type === 2) === (interval !== undefined)),
    )
    .min(1),
});

const nrAttributes = z
  .record(z.string().min(1).max(255), z.union([z.string().max(4096), z.number(), z.boolean()]))
  .refine((all) => Object.keys(all).length <= 100);
const common = { timestamp: z.int().min(1e12).optional(), "interval.ms": z.int().positive().optional() };

/** The payload of New Relic's Metric API. A count says of which time it is. */
export const newRelicPayload = z.array(
  z.strictObject({
    common: z.strictObject({ ...common, attributes: nrAttributes.optional() }).optional(),
    metrics: z
      .array(
        z
          .strictObject({
            name: z.string().regex(/^\S.{0,254}$/),
            type: z.enum(["gauge", "count"]),
            value: z.number(),
            ...common,
            attributes: nrAttributes.optional(),
          })
          .refine((one) => one.type === "gauge" || one["interval.ms"] !== undefined, "a count needs its interval"),
      )
      .min(1),
  }),
);
