import * as z from "zod";
import type { SentSample } from "../../domain/metric-sample.ts";
import { deliveredBy } from "../channel.ts";
import { dottedName, NOTHING_YET, type Target } from "../target.ts";

const HOSTS = { us: "metric-api.newrelic.com", eu: "metric-api.eu.newrelic.com" } as const;

const config = z.strictObject({
  region: z.enum(["us", "eu"]).default("us").meta({ title: "Region" }),
  licenseKey: z
    .string()
    .regex(/^[A-Za-z0-9]{20,64}$/, "use the license key of the account, of letters and digits")
    .meta({ title: "License key", description: "It is not shown again." }),
});

function metricsOf({ name, labels, value, since, added }: SentSample, at: number) {
  const said = { name: dottedName(name), attributes: labels };
  if (since === null) return [{ ...said, type: "gauge", value }];
  if (!added) return [];
  // The time of a count is when its interval begins.
  const { from } = added;
  return [{ ...said, type: "count", value: added.value, timestamp: from, "interval.ms": Math.max(1, at - from) }];
}

/** https://docs.newrelic.com/docs/data-apis/ingest-apis/metric-api/report-metrics-metric-api/ */
export const newRelic: Target<z.infer<typeof config>> = {
  label: "New Relic",
  about: "Sends metrics to New Relic, counts as what was added since the last time.",
  config,
  async send({ samples, at }, { region, licenseKey }, { fetch }) {
    const metrics = samples.flatMap((sample) => metricsOf(sample, at));
    if (metrics.length === 0) return NOTHING_YET;
    const response = await fetch(`https://${HOSTS[region]}/metric/v1`, {
      method: "POST",
      headers: { "content-type": "application/json", "api-key": licenseKey },
      body: JSON.stringify([{ common: { timestamp: at, attributes: { "service.name": "edgewise" } }, metrics }]),
    });
    return deliveredBy(response);
  },
};
