import * as z from "zod";
import type { SentSample } from "../../domain/metric-sample.ts";
import { deliveredBy } from "../channel.ts";
import { type Target, UCUM } from "../target.ts";

const config = z.strictObject({
  url: z
    .url()
    .max(2000)
    .meta({ title: "Address", description: "With its path: https://collector.example.com/v1/metrics" }),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{0,100}$/, "use letters, digits and dashes")
    .default("authorization")
    .meta({ title: "Header", description: "What the receiver knows you by; it may be left empty." }),
  value: z
    .string()
    .max(2000)
    .regex(/^[\x20-\x7e]*$/, "use letters, digits and signs of ASCII")
    .default("")
    .meta({ title: "Header's value", description: "Such as Bearer and a token. It is not shown again." }),
});

/** AGGREGATION_TEMPORALITY_CUMULATIVE: since the counter began, so that a batch that is lost costs nothing. */
const CUMULATIVE = 2;

/** 64 bits are text in the JSON of Protocol Buffers. */
const nanoseconds = (ms: number): string => `${BigInt(Math.round(ms)) * 1_000_000n}`;

const attributesOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }));

function metricOf(samples: readonly SentSample[], at: number) {
  const { name, about, unit, since } = samples[0]!;
  const dataPoints = samples.map((sample) => ({
    attributes: attributesOf(sample.labels),
    ...(sample.since !== null && { startTimeUnixNano: nanoseconds(sample.since) }),
    timeUnixNano: nanoseconds(at),
    asDouble: sample.value,
  }));
  const said = { name, description: about, unit: UCUM[unit] };
  return since === null
    ? { ...said, gauge: { dataPoints } }
    : { ...said, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
}

const partial = z.object({
  partialSuccess: z.object({
    rejectedDataPoints: z.coerce.number().positive(),
    errorMessage: z.string().default(""),
  }),
});

/** As the OpenTelemetry protocol 1 says of HTTP and JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp. */
export const otlp: Target<z.infer<typeof config>> = {
  label: "OpenTelemetry (OTLP)",
  about: "Posts OTLP/HTTP in JSON to a collector, or to any service that takes it.",
  config,
  async send({ samples, at }, { url, header, value }, { fetch }) {
    const families = [...Map.groupBy(samples, ({ name }) => name).values()];
    const metrics = families.map((family) => metricOf(family, at));
    const resource = { attributes: attributesOf({ "service.name": "edgewise" }) };
    const body = { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "edgewise" }, metrics }] }] };
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(header !== "" && value !== "" && { [header]: value }) },
      body: JSON.stringify(body),
    });
    const told = response.ok
      ? await response
          .clone()
          .json()
          .catch(() => null)
      : null;
    const refused = partial.safeParse(told);
    if (!refused.success) return deliveredBy(response);
    const { rejectedDataPoints, errorMessage } = refused.data.partialSuccess;
    return { result: "failed", told: `refused ${rejectedDataPoints} points: ${errorMessage.slice(0, 200)}` };
  },
};
