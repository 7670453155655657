import { describe, expect, it } from "vitest";
import type { Reply } from "../../dashboard/state/api.ts";
import { type Answer, BATCH_LIMIT, batching } from "../../dashboard/state/batch.ts";
import { contentOf } from "../../dashboard/state/content.ts";
import { FILTERABLE } from "../../dashboard/state/dimensions.ts";
import { METRIC_NAMES, METRICS } from "../../dashboard/state/metrics.ts";
import {
  breakdownQuestion,
  dayQuestion,
  type Scope,
  sparkQuestion,
  totalsQuestion,
  trendQuestion,
} from "../../dashboard/state/questions.ts";
import { trendPoints } from "../../dashboard/state/trend.ts";
import { parseView } from "../../dashboard/state/view.ts";
import { type QueryInput, type QueryResult, querySchema } from "../../workers/domain/query.ts";
import { isRefusal, normalize } from "./normalizing.ts";
import { aSite } from "./site.ts";

const site = aSite();

const scopeOf = (query: string): Scope => ({
  site,
  view: parseView(query),
  calendar: { today: "2026-11-21", firstDay: "2026-01-01" },
});

const breakdown = (dimension: string) =>
  breakdownQuestion(scopeOf("f=is,visit:country,DE&period=7d"), {
    dimension,
    metrics: ["visitors"],
    limit: 9,
    search: "a",
  });

describe("the panels' questions", () => {
  it("are all understood by the API", () => {
    const filtered = scopeOf(
      "period=7d&f=is,visit:country,DE,FR&f=contains_not,event:page,/a&compare=year&metric=bounce_rate",
    );
    const all: QueryInput[] = [
      totalsQuestion(filtered),
      trendQuestion(filtered),
      sparkQuestion(site.id),
      dayQuestion(site.id),
      ...FILTERABLE.map(breakdown),
    ];
    for (const question of all) expect(isRefusal(normalize(querySchema.parse(question)))).toBe(false);
  });

  it("carry the period, the filters and the comparison of the view", () => {
    const question = totalsQuestion(scopeOf("period=last-month&f=is_not,visit:os,Linux&compare=year"));
    expect(question).toMatchObject({
      site_id: "example.com",
      metrics: METRIC_NAMES,
      date_range: ["2026-10-01", "2026-10-31"],
      filters: [["is_not", "visit:os", ["Linux"]]],
      include: { comparisons: { mode: "year_over_year" } },
    });
  });

  it("compare all of time with nothing", () => {
    expect(totalsQuestion(scopeOf("period=all")).include).not.toHaveProperty("comparisons");
  });
});

const resultOf = (query: QueryInput): QueryResult => ({
  results: [],
  meta: { source: "shards", exact: true, scanned: 0, rolled: 0, ms: 0, freshness: null },
  query: querySchema.parse(query),
});

describe("asking together", () => {
  const questions = Array.from({ length: BATCH_LIMIT + 3 }, (_, i) => breakdown(`event:props:p${i}`));

  it("sends the questions of one turn in as few posts as the API allows, and each gets its own answer", async () => {
    const posts: number[] = [];
    const ask = batching(async (queries): Promise<Reply<Answer[]>> => {
      posts.push(queries.length);
      return { ok: true, value: queries.map((query) => ({ ok: true, value: resultOf(query) })) };
    });
    const answers = await Promise.all(questions.map((question) => ask(question)));
    expect(posts).toEqual([BATCH_LIMIT, 3]);
    expect(answers.map((answer) => answer.ok && answer.value.query.dimensions)).toEqual(
      questions.map(({ dimensions }) => dimensions),
    );
  });

  it("gives every question the failure of its post, and never leaves one without an answer", async () => {
    const failure = { status: 503, title: "Unavailable", detail: "later", errors: [] };
    const failing = batching(async () => ({ ok: false, failure }));
    expect(await Promise.all(questions.slice(0, 2).map((question) => failing(question)))).toEqual([
      { ok: false, failure },
      { ok: false, failure },
    ]);
    const silent = batching(async () => ({ ok: true, value: [] }));
    expect((await silent(breakdown("event:page"))).ok).toBe(false);
  });
});

describe("a question that breaks the server", () => {
  const broken = { status: 500, title: "Broken", detail: "it broke", errors: [] };
  const breaks = ({ metrics }: QueryInput) => metrics.includes("bounce_rate");

  it("fails alone: those asked with it are answered", async () => {
    const ask = batching(
      async (queries): Promise<Reply<Answer[]>> =>
        queries.some(breaks)
          ? { ok: false, failure: broken }
          : { ok: true, value: queries.map((query) => ({ ok: true, value: resultOf(query) })) },
    );
    const questions = ["visitors", "bounce_rate", "visits"].map((metric) => ({
      ...breakdown("event:page"),
      metrics: [metric],
    }));
    const answers = await Promise.all(questions.map((question) => ask(question)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
  });
});

describe("a trend", () => {
  const hour = (label: string, value: number, before?: number) => ({
    dimensions: [label],
    metrics: [value],
    ...(before === undefined
      ? {}
      : { comparison: { dimensions: [label.replace("21", "20")], metrics: [before], change: [50] } }),
  });
  const labels = ["08", "09", "10", "11"].map((clock) => `2026-11-21 ${clock}:00:00`);
  const result: QueryResult = {
    ...resultOf(trendQuestion(scopeOf("period=today"))),
    results: [hour(labels[0]!, 6, 4), hour(labels[2]!, 3, 2), hour(labels[3]!, 0, 9)],
  };
  const figuresOf = (answer: QueryResult) => {
    const content = contentOf(answer, () => METRICS.visitors);
    if (content.shape !== "timeseries") throw new Error(`not by time: ${content.shape}`);
    return content.figures;
  };
  const nowStamp = "2026-11-21 10:20:00";
  const points = trendPoints(figuresOf({ ...result, meta: { ...result.meta, time_labels: labels } }), { nowStamp });

  it("has every bucket: absent ones count nothing, those ahead are left open", () => {
    expect(points.map(({ value }) => value)).toEqual([6, 0, 3, null]);
  });

  it("marks the bucket that is still running", () => {
    expect(points.map(({ partial }) => partial)).toEqual([false, false, true, false]);
  });

  it("lays the period before over it, also where the present is still ahead", () => {
    expect(points.map(({ before }) => before?.value ?? null)).toEqual([4, 0, 2, 9]);
    expect(points.map(({ before }) => before?.label)).toEqual(labels.map((label) => label.replace("21", "20")));
  });

  it("does not lay more over a long month than the short one before it has", () => {
    const days = Array.from({ length: 31 }, (_, i) => `2026-10-${String(i + 1).padStart(2, "0")}`);
    const [first] = days;
    const row = {
      dimensions: [first!],
      metrics: [1],
      comparison: { dimensions: ["2026-09-01"], metrics: [2], change: [-50] },
    };
    const query = { ...result.query, dimensions: ["time:day"] };
    const long = trendPoints(figuresOf({ results: [row], meta: { ...result.meta, time_labels: days }, query }), {
      nowStamp,
    });
    expect(long.slice(-2).map(({ before }) => before)).toEqual([{ label: "2026-09-30", value: 0 }, null]);
  });
});
