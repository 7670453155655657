import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainNames } from "../../dashboard/boards/plain-panels/index.ts";
import { chartFor, charts, fitting } from "../../dashboard/charts/index.ts";
import { contentOf, isEmpty, shapeOf } from "../../dashboard/state/content.ts";
import { droppedHref } from "../../dashboard/state/dropped.ts";
import {
  type Exploration,
  explorationQuestion,
  parseExploration,
  printExploration,
} from "../../dashboard/state/explore.ts";
import { stickiness } from "../../dashboard/state/feature-questions.ts";
import { parseMatchers, printMatchers } from "../../dashboard/state/matcher-text.ts";
import { METRICS } from "../../dashboard/state/metrics.ts";
import { SAMPLES } from "../../dashboard/state/samples.ts";
import { layOut } from "../../dashboard/state/sankey.ts";
import {
  funnelQuestion,
  parseFunnel,
  parsePaths,
  parseRetention,
  pathsQuestion,
  printFunnel,
  printPaths,
  printRetention,
  retentionQuestion,
} from "../../dashboard/state/sequence-views.ts";
import { MOST_SERIES, seriesOf } from "../../dashboard/state/series.ts";
import { tableOf } from "../../dashboard/state/table-model.ts";
import { parseView, printView } from "../../dashboard/state/view.ts";
import { CHARTS, isPlainChart, PLAIN_CHARTS } from "../../workers/domain/chart.ts";
import { querySchema } from "../../workers/domain/query.ts";
import { analysisQuerySchema } from "../../workers/domain/question.ts";
import { aSite } from "./site.ts";

const NOW = "2026-03-14 12:00:00";
const samples = Object.values(SAMPLES).flatMap(({ asked, contents }) =>
  contents.map((content) => ({ asked, content })),
);

/** The view that the address has once a page has set its own parameters. */
const viewWith = (own: Record<string, string | null>) => {
  const set = Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== null));
  return parseView(printView({ ...parseView(""), own: set }));
};
const scopeOf = (own: Record<string, string | null>) => ({
  site: aSite(),
  view: viewWith(own),
  calendar: { today: "2026-11-21", firstDay: "2026-01-01" },
});

describe("charts", () => {
  it("draw every shape, each content by one at least, and always as a table", () => {
    for (const { content } of samples) {
      expect(fitting(content)).toContain("table");
      expect(charts[chartFor(content, "no such chart")].shapes).toContain(content.shape);
    }
  });

  it("are known to boards by the same names", () => {
    expect([...CHARTS].filter((name) => !isPlainChart(name)).sort()).toEqual(Object.keys(charts).sort());
    expect(plainNames.toSorted()).toEqual([...PLAIN_CHARTS].sort());
  });

  it("have as many cells in each row of the table as there are columns", () => {
    for (const { content } of samples) {
      const { columns, rows } = tableOf(content, NOW);
      expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
      for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
    }
  });

  it("show nothing only where there is nothing", () => {
    for (const { content } of samples) expect(isEmpty(content)).toBe(false);
    expect(isEmpty({ shape: "paths", answer: { sessions: 0, nodes: [], links: [] } })).toBe(true);
  });
});

describe("series", () => {
  it("run along every bucket, the largest groups first, and no more than can be told apart", () => {
    const [, grouped] = SAMPLES.timeseries.contents;
    if (grouped?.shape !== "timeseries") throw new Error("no sample");
    const rows = grouped.figures.rows.flatMap((row) =>
      ["", "x", "y"].map((more) => ({ ...row, dimensions: [row.dimensions[0]!, row.dimensions[1] + more] })),
    );
    const { series, places, more } = seriesOf({ ...grouped.figures, rows }, NOW);
    expect(places).toEqual(grouped.figures.buckets);
    expect(series).toHaveLength(MOST_SERIES);
    expect(more).toBe(15 - MOST_SERIES);
    const sums = series.map(({ points }) => points.reduce((sum, { value }) => sum + (value ?? 0), 0));
    expect(sums).toEqual(sums.toSorted((a, b) => b - a));
  });

  it("of two dimensions have a value for each place, none where no row was", () => {
    const figures = {
      dimensions: ["visit:channel", "visit:device"],
      metrics: [{ ...METRICS.visitors, name: "visitors" }],
      rows: [
        { dimensions: ["A", "Desktop"], values: [3], before: null, change: [] },
        { dimensions: ["B", "Mobile"], values: [5], before: null, change: [] },
      ],
      grain: null,
      buckets: null,
    };
    const { places, series } = seriesOf(figures, NOW);
    expect(places).toEqual(["B", "A"]);
    expect(series.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
      ["Mobile", [5, null]],
      ["Desktop", [null, 3]],
    ]);
  });
});

describe("a flow", () => {
  const [content] = SAMPLES.paths.contents;
  if (content?.shape !== "paths") throw new Error("no sample");
  const { nodes, ribbons, height } = layOut(content.answer, { columnWidth: 200, height: 400 });

  it("has every node in the column of its step, below the one before", () => {
    for (const [, own] of Map.groupBy(nodes, ({ x }) => x)) {
      for (const [i, node] of own.entries()) {
        const above = own[i - 1];
        if (above) expect(node.y).toBeGreaterThanOrEqual(above.y + above.height);
      }
    }
    expect(height).toBeLessThanOrEqual(400 + 1e-9);
  });

  it("has ribbons as wide as their visits, within the ends that they join", () => {
    const unit = nodes[0]!.height / nodes[0]!.node.sessions;
    for (const { width, sessions, source } of ribbons) {
      expect(width).toBeCloseTo(Math.max(1, sessions * unit));
      expect(width).toBeLessThanOrEqual(source.height + 1e-9);
    }
  });
});

const matcher = fc.record({
  kind: fc.constantFrom("page" as const, "event" as const, "goal" as const),
  value: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
});

describe("what a page asks stands in the address", () => {
  it("steps come back as they were, whatever they are called", () => {
    fc.assert(
      fc.property(fc.array(matcher, { maxLength: 5 }), (steps) => {
        expect(parseMatchers(printMatchers(steps))).toEqual(steps);
      }),
    );
  });

  it("funnels, paths and retention come back, and ask what the API takes", () => {
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 2, maxLength: 4 }), fc.option(matcher), (steps, anchor) => {
        const funnel = { steps, window: "86400000", by: "user", breakdown: "visit:device" } as const;
        expect(parseFunnel(viewWith(printFunnel({ ...funnel, steps: [...steps] })))).toEqual(funnel);
        const paths = { anchor, direction: "to", steps: "all", depth: 6 } as const;
        expect(parsePaths(viewWith(printPaths(paths)))).toEqual(paths);
        const retention = { cohort: anchor, back: null, granularity: "day", kind: "rolling", by: "user" } as const;
        expect(parseRetention(viewWith(printRetention(retention)))).toEqual(retention);
        for (const asked of [
          funnelQuestion(scopeOf({}), { ...funnel, steps: [...steps] }),
          pathsQuestion(scopeOf({}), paths),
          retentionQuestion(scopeOf({}), retention),
        ]) {
          expect(analysisQuerySchema.safeParse(asked).success).toBe(true);
        }
      }),
    );
  });

  it("an exploration too; defaults leave the address short", () => {
    const exploration = {
      subject: "figures",
      event: "",
      property: "",
      metrics: ["visits", "bounce_rate"],
      dimensions: ["visit:source", "time"],
      chart: "area",
    } as const satisfies Partial<Exploration>;
    const figures = { ...exploration, metrics: [...exploration.metrics], dimensions: [...exploration.dimensions] };
    expect(parseExploration(viewWith(printExploration(figures)))).toEqual(figures);
    expect(Object.values(printExploration(parseExploration({ own: {} }))).every((value) => value === null)).toBe(true);
    const asked = explorationQuestion(scopeOf({}), figures);
    expect(querySchema.safeParse(asked).success).toBe(true);
    // Along time, whatever order it was chosen in.
    expect(asked).toMatchObject({ dimensions: ["time:day", "visit:source"] });
    expect(shapeOf(asked)).toBe("timeseries");
    const properties = { ...figures, subject: "properties", event: "signup", property: "plan" } as const;
    expect(parseExploration(viewWith(printExploration(properties)))).toEqual(properties);
    expect(analysisQuerySchema.parse(explorationQuestion(scopeOf({}), properties)).params).toEqual({
      of: { event: "signup" },
      property: "plan",
    });
  });

  it("who left a funnel is who did the step before and never that one", () => {
    const steps = [{ page: "/" }, { goal: "Sign-up" }, { page: "/blog/*" }];
    const asked = { site_id: "example.com", date_range: "7d" as const, analysis: "funnel", params: { steps } };
    const href = droppedHref(asked, 1, "period=7d");
    expect(parseView(new URL(href ?? "", "https://x.test").search.slice(1))).toMatchObject({
      period: { name: "7d" },
      filters: [
        { operator: "done_ever", dimension: "event:page", values: ["/"] },
        { operator: "done_never", dimension: "event:goal", values: ["Sign-up"] },
      ],
    });
    expect(droppedHref(asked, 2, "")).toBeNull();
  });

  it("a funnel of the same step twice asks for two events", () => {
    const once = { kind: "page", value: "/" } as const;
    const funnel = { window: "", by: "visitor", breakdown: "" } as const;
    const again = funnelQuestion(scopeOf({}), { ...funnel, steps: [once, once] });
    expect(again?.params).toMatchObject({ strict: true });
    expect(analysisQuerySchema.safeParse(again).success).toBe(true);
    const other = funnelQuestion(scopeOf({}), { ...funnel, steps: [once, { kind: "page", value: "/a" }, once] });
    expect(other?.params).not.toHaveProperty("strict");
  });

  it("a funnel of one step asks nothing yet", () => {
    expect(funnelQuestion(scopeOf({}), { steps: [], window: "", by: "visitor", breakdown: "" })).toBeNull();
  });
});

describe("an answer", () => {
  it("keeps money as its amount, and the change beside it", () => {
    const content = contentOf(
      {
        results: [
          {
            dimensions: [],
            metrics: [{ value: 12.5, currency: "EUR", short: "€13", long: "€12.50" }],
            comparison: { dimensions: [], metrics: [10], change: [25] },
          },
        ],
        meta: { source: "shards", exact: true, scanned: 1, rolled: 0, ms: 1, freshness: null },
        query: querySchema.parse({ site_id: "example.com", metrics: ["total_revenue"], date_range: "7d" }),
      },
      () => METRICS.visitors,
    );
    if (content.shape !== "totals") throw new Error(content.shape);
    expect(content.figures.rows).toEqual([
      { dimensions: [], values: [12.5], before: { dimensions: [], values: [10] }, change: [25] },
    ]);
  });
});

describe("stickiness", () => {
  it("is the mean day over all of the period, and nothing of nobody", () => {
    expect(stickiness([2, 4], 10)).toBe(30);
    expect(stickiness([], 10)).toBeNull();
    expect(stickiness([1], 0)).toBeNull();
  });
});
