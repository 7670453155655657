// What rules ask by the hour, and what it costs.
import { describe, expect, it } from "vitest";
import { askHours, type HourPorts } from "../../../workers/alerts/hourly-asks.ts";
import { MOST_NARROWED, ruleErrors } from "../../../workers/alerts/rule-errors.ts";
import type { MetricCondition } from "../../../workers/domain/alert-condition.ts";
import { costOf } from "../../../workers/domain/condition-step.ts";
import type { Query, QueryResult } from "../../../workers/domain/query.ts";
import { siteIdSchema } from "../../../workers/domain/site.ts";
import { aRule, START } from "./planted.ts";

const site = { id: siteIdSchema.parse("shop"), timeZone: "UTC" };
const page = (path: string) => [["is", "event:page", [path]]];
const above = { kind: "threshold", metric: "visits", minutes: 60, value: 1 };

/** Answers each question with these rows, and keeps what was asked. */
function asking(resultsFor: (question: Query) => [string[], number[]][]) {
  const rounds: Query[][] = [];
  const ports: HourPorts = {
    ...{ site, now: START + 3 * 3600_000, known: [], kpis: [], segments: [] },
    async ask(questions) {
      rounds.push(questions);
      return questions.map((question) => {
        const results = resultsFor(question).map(([dimensions, metrics]) => ({ dimensions, metrics }));
        return { results } as unknown as QueryResult; // all that is read of it
      });
    },
  };
  return { rounds, ports };
}

describe("what rules ask by the hour", () => {
  it("is one question for all that look at the same events, and one round for all rules", async () => {
    const { rounds, ports } = asking(() => []);
    const rules = [
      aRule({ conditions: [above] }),
      aRule({ conditions: [{ kind: "anomaly", metric: "visitors" }] }),
      aRule({ conditions: [above], filters: page("/a") }),
      aRule({ conditions: [{ ...above, metric: "events" }], filters: page("/a") }),
    ];
    await askHours(rules, ports);
    expect(
      rounds.map((questions) => questions.map(({ metrics, filters, date_range }) => [metrics, filters, date_range])),
    ).toEqual([
      [
        [["visits", "visitors"], [], ["2026-09-28", "2026-11-02"]],
        [["visits", "events"], page("/a"), ["2026-10-31", "2026-11-02"]],
      ],
    ]);
  });

  it("asks for the values of a split first, and for no more rows than an answer has", async () => {
    const values = Array.from({ length: 25 }, (_, index) => `/${index}`);
    const { rounds, ports } = asking(({ dimensions }) =>
      dimensions.length === 1 ? values.map((value) => [[value], [1]]) : [[["2026-11-02 01:00:00", "/3"], [7]]],
    );
    const rule = aRule({
      conditions: [{ kind: "anomaly", metric: "visits" }],
      split: { dimension: "event:page", top: 25 },
    });
    const facts = await askHours([rule], ports, { kept: () => ["/gone"] });
    const [first, second] = rounds;
    expect(first).toMatchObject([{ dimensions: ["event:page"], order_by: [["visits", "desc"]] }]);
    const asked = (second ?? []).flatMap(({ filters }) => filters.map(([, , own]) => own as unknown as string[]));
    expect(asked.flat()).toEqual([...values, "/gone"]);
    for (const own of asked) expect(own.length * 36 * 24).toBeLessThanOrEqual(10_000);
    expect(facts.partsOf(rule)).toHaveLength(26);
    const condition = { kind: "anomaly", metric: "visits", by: "either", sensitivity: "medium" } as const;
    expect(facts.seriesOf(condition, rule, "/3")?.values.slice(-3)).toEqual([0, 7, 0]);
    expect(facts.seriesOf(condition, rule, "/gone")?.values.slice(-3)).toEqual([0, 0, 0]);
  });
});

describe("what was removed", () => {
  const kpi = { id: "k", name: "Kept", formula: "pageviews / visitors" };
  const of = (metric: string) => aRule({ conditions: [{ ...above, metric }] });

  it("is told as such, and keeps nothing else from being asked", async () => {
    const { rounds, ports } = asking(() => []);
    const rules = ["kpi:gone", "kpi:k", "kpi:broken", "own", "visits"].map(of);
    const broken = { id: "broken", name: "Broken", formula: "pageviews / own" };
    const facts = await askHours(rules, { ...ports, kpis: [kpi, broken] });
    expect(rounds.flat().map(({ metrics }) => metrics)).toEqual([["pageviews", "visitors", "visits"]]);
    const gone = rules.map((rule) => facts.goneOf(rule.conditions[0] as MetricCondition, rule, null));
    expect(gone).toEqual([
      "the KPI that it looks at was removed",
      null,
      "own, which it looks at, was removed",
      "own, which it looks at, was removed",
      null,
    ]);
  });

  it("is told of what passes filters, and of a segment that a rule is split by", async () => {
    const { ports } = asking(() => []);
    const rule = aRule({ conditions: [above], filters: [["is", "segment", ["7"]]] });
    const split = aRule({ conditions: [above], split: { dimension: "segment", top: 5 } });
    const segments = [{ id: 1, name: "Readers" }];
    const facts = await askHours([rule, split], {
      ...{ ...ports, segments },
      ask: async (questions) =>
        questions.map(({ filters }) =>
          JSON.stringify(filters).includes("7")
            ? { errors: [{ path: "filters.0.2", message: "no segment 7" }] }
            : ({ results: [] } as unknown as QueryResult),
        ),
    });
    const [condition] = rule.conditions as [MetricCondition];
    expect(facts.goneOf(condition, rule, null)).toBe("its filters can no longer be asked: no segment 7");
    expect(facts.goneOf(condition, split, "Readers")).toBeNull();
    expect(facts.goneOf(condition, split, "Buyers")).toContain("its segment was removed");
  });
});

describe("what a rule costs", () => {
  const isRolled = (metric: string) => metric !== "own";

  it.each([
    [{ conditions: [{ ...above, metric: "events" }] }, { minutes: true, hourly: "nothing", days: 0 }],
    [{ conditions: [above] }, { minutes: false, hourly: "rollups", days: 2 }],
    [{ conditions: [{ ...above, metric: "own" }] }, { minutes: false, hourly: "events", days: 2 }],
    [
      { conditions: [above], filters: page("/a") },
      { minutes: false, hourly: "events", days: 2 },
    ],
    [
      {
        conditions: [
          { kind: "forecast", metric: "visits", value: 1 },
          { ...above, metric: "events" },
        ],
      },
      { minutes: true, hourly: "rollups", days: 35 },
    ],
    [{ conditions: [{ ...above, metric: "quality:score" }] }, { minutes: false, hourly: "nothing", days: 0 }],
  ])("%j", (fields, cost) => {
    expect(costOf(aRule(fields), isRolled)).toEqual(cost);
  });

  it("has an end: a site's rules ask for so many filters and splits, and others may share those", () => {
    const others = Array.from({ length: MOST_NARROWED }, (_, index) =>
      aRule({ conditions: [above], filters: page(`/${index}`) }, `r${index}`),
    );
    const known = { others, id: null, before: [], addsUp: () => true };
    expect(ruleErrors(aRule({ conditions: [above], filters: page("/more") }), known)).toMatchObject([
      { path: "filters" },
    ]);
    expect(ruleErrors(aRule({ conditions: [above], filters: page("/3") }), known)).toEqual([]);
    expect(ruleErrors(aRule({ conditions: [above] }), known)).toEqual([]);
  });
});
