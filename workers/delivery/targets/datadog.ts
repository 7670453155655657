import * as z from "zod";
import type { SentSample } from "../../domain/metric-sample.ts";
import { deliveredBy } from "../channel.ts";
import { dottedName, NOTHING_YET, type Target } from "../target.ts";

const SITES = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "ddog-gov.com",
] as const;

const config = z.strictObject({
  site: z.enum(SITES).default("datadoghq.com").meta({ title: "Datadog site" }),
  apiKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32,64}$/, "use the API key of 32 letters and digits, not an application key")
    .meta({ title: "API key", description: "It is not shown again." }),
});

const COUNT = 1;
const GAUGE = 3;
const LONGEST_TAG = 200;

const seconds = (ms: number): number => Math.floor(ms / 1000);

function seriesOf({ name, labels, value, since, added }: SentSample, at: number) {
  const tags = Object.entries(labels).map(([key, text]) => `${key}:${text}`.slice(0, LONGEST_TAG));
  const metric = dottedName(name);
  const point = (number: number) => [{ timestamp: seconds(at), value: number }];
  if (since === null) return [{ metric, type: GAUGE, points: point(value), tags }];
  if (!added) return [];
  const interval = Math.max(1, seconds(at - added.from));
  return [{ metric, type: COUNT, interval, points: point(added.value), tags }];
}

/** https://docs.datadoghq.com/api/latest/metrics/#submit-metrics, version 2. */
export const datadog: Target<z.infer<typeof config>> = {
  label: "Datadog",
  about: "Sends series to Datadog, counts as what was added since the last time.",
  config,
  async send({ samples, at }, { site, apiKey }, { fetch }) {
    const series = samples.flatMap((sample) => seriesOf(sample, at));
    if (series.length === 0) return NOTHING_YET;
    const response = await fetch(`https://api.${site}/api/v2/series`, {
      method: "POST",
      headers: { "content-type": "application/json", "dd-api-key": apiKey },
      body: JSON.stringify({ series }),
    });
    return deliveredBy(response);
  },
};
