import { describe, expect, it } from "vitest";
import type { CustomMetric } from "../../../workers/catalog/custom-metric.ts";
import type { Kpi } from "../../../workers/catalog/kpi.ts";
import type { QueryResult } from "../../../workers/domain/query.ts";
import { sampledErrors, siteSampling } from "../../../workers/query/site-samples.ts";
import { aSite } from "../ingest/facts.ts";

/** In Auckland it is already the first of December. */
const NOW = Date.UTC(2026, 10, 30, 12);
const site = aSite({ timeZone: "Pacific/Auckland" });

const signups: CustomMetric = {
  name: "signups_total",
  label: "Signups",
  about: "People who signed up.",
  unit: "count",
  better: "higher",
  definition: { kind: "count", filters: [] },
  version: 1,
  createdAt: 0,
  archived: false,
};
const aKpi = (formula: string): Kpi => ({
  ...{ id: "k", version: 1, createdAt: 0, name: "Views", about: "", owner: "", businessGoal: "", formula },
  ...{ unit: "ratio", better: "higher", every: "day", tolerance: 10 },
  targets: [{ since: "2026-01-01", target: 3 }],
});
const sampling = (fields: Partial<Parameters<typeof siteSampling>[0]> = {}) =>
  siteSampling({ site, metrics: [], kpis: [], known: [signups], now: NOW, ...fields });

/** An answer of one row; of none for null. */
function anAnswer(metrics: QueryResult["results"][number]["metrics"] | null, labels?: string[]): QueryResult {
  const results = metrics ? [{ metrics, dimensions: labels ?? [] }] : [];
  return { results, meta: { time_labels: labels } } as unknown as QueryResult; // as far as it is read
}

describe("a site's samples", () => {
  it("ask for today, and of what only grows for the month, both in the site's time", () => {
    const { questions } = sampling({ metrics: ["visitors", "pageviews", "visitors"] });
    expect(questions).toMatchObject([
      { metrics: ["visitors"], date_range: ["2026-12-01", "2026-12-01"] },
      { metrics: ["pageviews"], date_range: ["2026-12-01", "2026-12-01"] },
    ]);
    const later = sampling({ metrics: ["events"], now: NOW + 5 * 86_400_000 });
    expect(later.questions).toMatchObject([{ date_range: ["2026-12-01", "2026-12-06"] }]);
  });

  it("count since the month began there", () => {
    const [sample] = sampling({ metrics: ["events"] }).read([anAnswer([7])]);
    expect(sample).toMatchObject({ name: "edgewise_site_events", value: 7, since: Date.UTC(2026, 10, 30, 11) });
  });

  it("are zero for counts of nothing, leave out what has no value, and say amounts as numbers", () => {
    const { read } = sampling({ metrics: ["visitors", "bounce_rate", "total_revenue"] });
    expect(read([anAnswer(null)]).map(({ name, value }) => [name, value])).toEqual([["edgewise_site_visitors", 0]]);
    const money = { value: 12.5, currency: "EUR", short: "€12.5", long: "€12.50" };
    expect(read([anAnswer([3, null, money])]).map(({ value }) => value)).toEqual([3, 12.5]);
  });

  it("have no name that would be a counter's", () => {
    const [sample] = sampling({ metrics: ["signups_total"] }).read([anAnswer([4])]);
    expect(sample).toMatchObject({
      name: "edgewise_site_signups_total_value",
      about: "People who signed up. Today so far.",
      since: null,
    });
  });

  it("leave out metrics and KPIs that are no more, and what is refused", () => {
    const gone = sampling({ metrics: ["gone", "visitors"], kpis: [aKpi("gone / visits"), aKpi("pageviews / visits")] });
    expect(gone.questions).toHaveLength(2);
    const answers = [{ errors: [{ path: "", message: "" }] }, anAnswer([8, 2], ["2026-12-01"])];
    expect(gone.read(answers).map(({ name, value }) => [name, value])).toEqual([
      ["edgewise_kpi_value", 4],
      ["edgewise_kpi_target", 3],
    ]);
  });

  it("are refused where a metric has no one value", () => {
    const errors = sampledErrors(["visitors", "percentage", "gone"], []);
    expect(errors.map(({ path }) => path)).toEqual(["metrics.1", "metrics.2"]);
  });
});
