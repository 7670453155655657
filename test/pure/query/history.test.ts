import { describe, expect, it } from "vitest";
import type { Event } from "../../../workers/domain/event.ts";
import {
  HISTORY_MEASURES,
  type History,
  type HistoryMeasure,
  type HistoryRow,
} from "../../../workers/domain/history.ts";
import { createAnswerCache } from "../../../workers/query/answer-cache.ts";
import type { QueryPorts } from "../../../workers/query/run.ts";
import { anEvent } from "../../support/events.ts";
import { aSite, ask, portsOf, rowsOf } from "../../support/shards.ts";

type Days = Record<string, HistoryRow[]>;
type Panels = Record<string, { measures?: HistoryMeasure[]; days: Days }>;

const TELLS: HistoryMeasure[] = ["visitors", "visits", "pageviews", "bounces", "duration"];

function aHistory(panels: Panels, fields: Partial<History> = {}): { history: History; panels: Panels } {
  const dates = Object.values(panels)
    .flatMap(({ days }) => Object.keys(days))
    .sort();
  const history: History = {
    id: "h1",
    name: "export.zip",
    tool: "plausible",
    createdAt: 1,
    from: dates[0]!,
    to: dates.at(-1)!,
    panels: Object.entries(panels).map(([panel, { measures = TELLS }]) => ({ panel, measures, rows: 1 })),
    totals: Object.fromEntries(HISTORY_MEASURES.map((one) => [one, null])) as History["totals"], // of HISTORY_MEASURES
    notes: [],
    ...fields,
  };
  return { history, panels };
}

/** The site's first own event is of 20 November; now is the day after. */
const OWN = [20, 21].map((day) =>
  anEvent({ id: String(day), at: Date.UTC(2026, 10, day, 10), path: "/", source: "Google", visitorId: `v${day}` }),
);

function ports(
  all: ReturnType<typeof aHistory>[],
  events: Event[] = OWN,
  more: Pick<QueryPorts, "answers" | "rolled"> = {},
): QueryPorts {
  return portsOf(events, {
    site: aSite(),
    histories: {
      all: all.map(({ history }) => history),
      read: async ({ id, panel, from, to }) => {
        const { panels } = all.find(({ history }) => history.id === id)!;
        const days = Object.entries(panels[panel]?.days ?? {});
        return days.filter(([date]) => from <= date && date <= to).map(([date, rows]) => ({ date, rows }));
      },
    },
    ...more,
  });
}

const row = (value: string, [visitors, visits, pageviews, bounces = 0, seconds = 0]: number[]): HistoryRow => [
  value,
  visitors!,
  visits!,
  pageviews!,
  bounces,
  seconds * 1000,
  0,
];

const WHOLE = aHistory({
  total: {
    days: {
      "2026-11-17": [row("", [5, 6, 10, 3, 60])],
      "2026-11-18": [row("", [2, 2, 4, 1, 20])],
      // The site counted that day itself.
      "2026-11-20": [row("", [100, 100, 100])],
    },
  },
  "event:page": {
    measures: ["visitors", "visits", "pageviews"],
    days: { "2026-11-17": [row("/", [4, 5, 8]), row("/old", [1, 1, 2])], "2026-11-20": [row("/", [100, 100, 100])] },
  },
});

const WEEK = { date_range: "7d", include: { imports: true } } as const;
const COUNTS = ["visitors", "visits", "pageviews"];

describe("imported history", () => {
  it("is added to totals for days before the first own event, and only when asked for", async () => {
    expect(await rowsOf(ports([WHOLE]), { ...WEEK, metrics: COUNTS })).toEqual([[9, 10, 16]]);
    expect(await rowsOf(ports([WHOLE]), { date_range: "7d", metrics: COUNTS })).toEqual([[2, 2, 2]]);
  });

  it("is told in the answer, with its tool and until when", async () => {
    const { meta } = await ask(ports([WHOLE]), { ...WEEK, metrics: COUNTS });
    expect(meta).toMatchObject({
      imports_included: true,
      imports: [{ id: "h1", tool: "plausible", name: "export.zip" }],
      notes: [
        { code: "imported", message: "days before 2026-11-20 are imported from Plausible, visitors of days added up" },
      ],
    });
  });

  it("is laid along days, weeks and months", async () => {
    const by = async (grain: string) =>
      rowsOf(ports([WHOLE]), { ...WEEK, metrics: ["visits"], dimensions: [`time:${grain}`] });
    expect(await by("day")).toEqual([
      ["2026-11-17", 6],
      ["2026-11-18", 2],
      ["2026-11-20", 1],
      ["2026-11-21", 1],
    ]);
    expect(await by("week")).toEqual([["2026-11-16", 10]]);
    expect(await by("month")).toEqual([["2026-11-01", 10]]);
  });

  it("is added to values of one dimension, and their shares", async () => {
    const asked = { ...WEEK, metrics: ["pageviews", "percentage"], dimensions: ["event:page"] };
    expect(await rowsOf(ports([WHOLE]), asked)).toEqual([
      ["/", 10, expect.closeTo((100 * 6) / 9)],
      ["/old", 2, expect.closeTo((100 * 1) / 9)],
    ]);
  });

  it("makes ratios of both together", async () => {
    const metrics = ["bounce_rate", "views_per_visit", "visit_duration"];
    const [bounces, views, seconds] = (await rowsOf(ports([WHOLE]), { ...WEEK, metrics }))[0]!;
    expect([bounces, views, seconds]).toEqual([60, 1.6, 8]);
  });

  it("is left out of metrics that it does not tell, which is said", async () => {
    const metrics = ["visitors", "bounce_rate"];
    const told = aHistory({
      total: { measures: ["visitors", "visits"], days: { "2026-11-17": [row("", [5, 6, 0])] } },
    });
    const { results, meta } = await ask(ports([told]), { ...WEEK, metrics });
    expect(results[0]!.metrics).toEqual([7, 100]);
    expect(meta.notes![0]!.message).toContain("bounce_rate count own events alone");
  });

  it.each([
    ["filters", { filters: [["is", "event:page", ["/"]]] as never }, "cannot be filtered"],
    ["hours", { dimensions: ["time:hour"] }, "has no hours"],
    ["two dimensions", { dimensions: ["event:page", "visit:country"] }, "one dimension at a time"],
    ["a dimension that it lacks", { dimensions: ["visit:language"] }, "no imported history tells of visit:language"],
    ["metrics that it lacks", { metrics: ["scroll_depth"], dimensions: ["event:page"] }, "does not tell scroll_depth"],
  ])("is left out of questions with %s, which say so", async (_, asked, reason) => {
    const { meta } = await ask(ports([WHOLE]), { ...WEEK, metrics: COUNTS, ...asked });
    expect(meta).toMatchObject({ imports_included: false, imports_skip_reason: expect.stringContaining(reason) });
    expect(meta).not.toHaveProperty("imports");
  });

  it("is of nobody's business in a period of own days", async () => {
    const { meta } = await ask(ports([WHOLE]), { ...WEEK, date_range: "day", metrics: COUNTS });
    expect(meta).toMatchObject({ imports_included: true });
    expect(meta).not.toHaveProperty("imports");
    expect(meta).not.toHaveProperty("notes");
  });

  it("is all there is on a site without events, and then begins all of time", async () => {
    const { results, query } = await ask(ports([WHOLE], []), {
      ...WEEK,
      date_range: "all",
      metrics: COUNTS,
    });
    expect(results[0]!.metrics).toEqual([107, 108, 114]);
    expect(query.date_range[0]).toContain("2026-11-17");
  });

  it("of a day that two exports tell is that of the newer one", async () => {
    const newer = aHistory({ total: { days: { "2026-11-18": [row("", [1, 1, 1])] } } }, { id: "h2", createdAt: 2 });
    expect(await rowsOf(ports([newer, WHOLE]), { ...WEEK, metrics: COUNTS })).toEqual([[8, 9, 13]]);
  });

  it("is compared with as well, and is no part of a day that the period cuts", async () => {
    const asked = { date_range: ["2026-11-18", "2026-11-18"] as [string, string], metrics: ["visits"] };
    const include = { imports: true, comparisons: { mode: "previous_period" as const } };
    const { results } = await ask(ports([WHOLE]), { ...asked, include });
    expect(results[0]).toMatchObject({ metrics: [2], comparison: { metrics: [6] } });
    const cut = { ...asked, date_range: ["2026-11-18T06:00:00Z", "2026-11-18T12:00:00Z"] as [string, string] };
    expect(await rowsOf(ports([WHOLE]), { ...cut, include: { imports: true } })).toEqual([[0]]);
  });

  it("is never answered from memory once it was removed", async () => {
    const answers = createAnswerCache<never>(1_000_000);
    const rolled = {
      standing: async () => ({
        closedUntil: 0,
        hours: [],
        days: [],
        months: [],
        lasting: false,
        rolls: 0,
        versions: [1],
        imported: [],
      }),
      read: async () => ({ rows: [], rowsRead: 0 }),
    };
    const memory = { answers, rolled } as never; // of what the shards tell only this is asked
    const asked = { ...WEEK, metrics: COUNTS };
    expect(await rowsOf(ports([WHOLE], OWN, memory), asked)).toEqual([[9, 10, 16]]);
    expect((await ask(ports([WHOLE], OWN, memory), asked)).meta.cached).toBe(true);
    expect(await rowsOf(ports([], OWN, memory), asked)).toEqual([[2, 2, 2]]);
  });
});
