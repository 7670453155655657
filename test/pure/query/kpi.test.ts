import { describe, expect, it } from "vitest";
import { type CustomMetric, newMetricSchema } from "../../../workers/catalog/custom-metric.ts";
import { type Kpi, type KpiStatus, kpiSchema, statusOf, targetOn } from "../../../workers/catalog/kpi.ts";
import { goalMap, kpiErrors, kpiHistory, kpiQuestion } from "../../../workers/query/kpi.ts";
import { anEvent } from "../../support/events.ts";
import { aSite, ask, portsOf } from "../../support/shards.ts";

const NOW = Date.UTC(2026, 10, 21, 15);

function aKpi(fields: Record<string, unknown>): Kpi {
  const targets = [{ since: "2026-01-01", target: 2 }];
  return {
    ...kpiSchema.parse({ name: "KPI", formula: "visitors", targets, ...fields }),
    id: "k",
    version: 1,
    createdAt: 0,
  };
}

function aMetric(name: string, definition: unknown): CustomMetric {
  return { ...newMetricSchema.parse({ name, label: "Own", definition }), version: 1, createdAt: 0, archived: false };
}

const orders = aMetric("orders", { kind: "count", filters: [["is", "event:name", ["order", "renewal"]]] });
const rate = aMetric("rate", { kind: "ratio", part: "orders@1", whole: "pageviews" });

describe("a status", () => {
  it.each<[number | null, number, "higher" | "lower", KpiStatus]>([
    [100, 100, "higher", "met"],
    [90, 100, "higher", "near"],
    [89.9, 100, "higher", "missed"],
    [100, 100, "lower", "met"],
    [110, 100, "lower", "near"],
    [111, 100, "lower", "missed"],
    [-105, -100, "higher", "near"],
    [0, 0, "higher", "met"],
    [-0.1, 0, "higher", "missed"],
    [null, 100, "higher", "unknown"],
  ])("of %j against %d, %s being better, is %s", (value, target, better, status) => {
    expect(statusOf(value, { target, better, tolerance: 10 })).toBe(status);
  });

  it("is by the target in force on the day, and by the first before that", () => {
    const kpi = aKpi({
      targets: [
        { since: "2026-06-01", target: 20 },
        { since: "2026-03-01", target: 10 },
      ],
    });
    expect(["2026-01-01", "2026-03-01", "2026-05-31", "2026-06-01"].map((date) => targetOn(kpi, date))).toEqual([
      10, 10, 10, 20,
    ]);
  });
});

describe("the history of a KPI", () => {
  const order = (at: string, visitor: number, name = "order") =>
    anEvent({ at: Date.parse(at), name, visitorId: String(visitor).padStart(16, "0") });
  const events = [
    order("2026-11-02T10:00:00Z", 1),
    order("2026-11-02T11:00:00Z", 2, "pageview"),
    order("2026-11-17T10:00:00Z", 3),
    order("2026-11-18T10:00:00Z", 4),
    order("2026-11-18T10:00:00Z", 4, "pageview"),
  ];
  const ports = portsOf(events, { site: aSite({ shards: 2 }), customMetrics: [orders], now: NOW });

  async function historyOf(kpi: Kpi, periods: number) {
    const question = kpiQuestion(kpi, { site: aSite(), now: NOW, periods });
    return kpiHistory(kpi, await ask(ports, question), [orders]);
  }

  it("tells each period with the target of then; the last one runs, and one without events has counts of zero", async () => {
    const kpi = aKpi({
      formula: "orders * 2",
      every: "week",
      targets: [
        { since: "2026-01-01", target: 2 },
        { since: "2026-11-09", target: 4.1 },
      ],
    });
    expect(await historyOf(kpi, 3)).toEqual([
      { since: "2026-11-02", value: 2, target: 2, status: "met", running: false },
      { since: "2026-11-09", value: 0, target: 4.1, status: "missed", running: false },
      { since: "2026-11-16", value: 4, target: 4.1, status: "near", running: true },
    ]);
  });

  it("is unknown where there is nothing to divide by", async () => {
    const found = await historyOf(aKpi({ formula: "orders / visitors", every: "day" }), 5);
    expect(found.map(({ since, value, status }) => [since.slice(8), value, status])).toEqual([
      ["17", 1, "missed"],
      ["18", 1, "missed"],
      ["19", null, "unknown"],
      ["20", null, "unknown"],
      ["21", null, "unknown"],
    ]);
    expect((await historyOf(aKpi({ formula: "orders", every: "month" }), 1))[0]).toMatchObject({
      since: "2026-11-01",
      value: 3,
    });
  });
});

describe("the map of business goals", () => {
  it("leads from the goal over the KPI and its metrics to the events that they count", () => {
    const kpis = [
      aKpi({ name: "Rate", businessGoal: "Grow", formula: "rate * 100" }),
      aKpi({ name: "People", businessGoal: "Grow" }),
    ];
    expect(goalMap(kpis, [orders, rate])).toEqual([
      {
        businessGoal: "Grow",
        kpis: [
          { id: "k", name: "Rate", owner: "", metrics: [{ name: "rate", events: ["order", "renewal", "pageview"] }] },
          { id: "k", name: "People", owner: "", metrics: [{ name: "visitors", events: ["*"] }] },
        ],
      },
    ]);
  });
});

describe("a KPI", () => {
  it.each<[string, RegExp]>([
    ["order / visitors", /no metric order/],
    ["percentage", /about parts of the whole/],
    ["1 + 1", /names no metric/],
  ])("with the formula %s is refused", (formula, message) => {
    expect(kpiErrors(aKpi({ formula }), [orders])).toEqual([
      { path: "formula", message: expect.stringMatching(message) },
    ]);
  });
});
