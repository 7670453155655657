import { describe, expect, it } from "vitest";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { aSite, portsOf, rowsOf } from "../../support/shards.ts";
import { apachePageviews, plausibleEvents } from "../../support/web-fixtures.ts";

type Triple = [string, number, number];
type Day = [string, number, number, number];

interface PlausibleAnswers {
  rows: { events: number };
  totals: { pageviews: number; visitors: number };
  events_by_name: Record<string, number>;
  per_day: Day[];
  top_pages: Triple[];
  sources: Triple[];
  countries: Triple[];
  browsers: Triple[];
  os: Triple[];
  devices: Triple[];
  sessions_30min_rule: { sessions: number; bounces_one_pageview: number };
}

interface ApacheAnswers {
  all_traffic: {
    pageviews: number;
    visitors: number;
    sessions: number;
    bounce_sessions: number;
    bounce_rate_pct: number;
    mean_session_s: number;
    per_day: Day[];
    top_pages: Triple[];
  };
}

const byPage = {
  dimensions: ["event:page"],
  order_by: [
    ["visitors", "desc"],
    ["pageviews", "desc"],
    ["event:page", "asc"],
  ],
} satisfies Parameters<typeof rowsOf>[1];

describe.skipIf(!fixturesDir)("the Plausible events of March 2024, on three shards", async () => {
  if (!fixturesDir) return;
  const answers = readJsonFixture<PlausibleAnswers>("web/plausible_io_2024-03_answers.json");
  const ports = portsOf(plausibleEvents(), { site: aSite({ shards: 3 }) });
  const period = { date_range: ["2024-03-28", "2024-03-31"] } satisfies Parameters<typeof rowsOf>[1];

  it("have the known totals", async () => {
    const metrics = ["pageviews", "visitors", "visits", "bounces", "events"];
    const { sessions, bounces_one_pageview } = answers.sessions_30min_rule;
    expect(await rowsOf(ports, { ...period, metrics })).toEqual([
      [answers.totals.pageviews, answers.totals.visitors, sessions, bounces_one_pageview, answers.rows.events],
    ]);
  });

  it("have the known page views and visitors of each day", async () => {
    const rows = await rowsOf(ports, { ...period, dimensions: ["time:day"], metrics: ["pageviews", "visitors"] });
    expect(rows).toEqual(answers.per_day.map(([day, pageviews, visitors]) => [day, pageviews, visitors]));
  });

  it("have the known top pages", async () => {
    const filters: ["is", string, string[]][] = [["is", "event:name", ["pageview"]]];
    const rows = await rowsOf(ports, { ...period, ...byPage, filters, metrics: ["pageviews", "visitors"] });
    expect(rows.slice(0, answers.top_pages.length)).toEqual(answers.top_pages);
  });

  it("have the known events by name", async () => {
    const rows = await rowsOf(ports, { ...period, dimensions: ["event:name"], metrics: ["events"] });
    expect(Object.fromEntries(rows)).toEqual(answers.events_by_name);
  });

  it.each([
    ["visit:country", "countries"],
    ["visit:browser", "browsers"],
    ["visit:os", "os"],
    ["visit:device", "devices"],
  ] as const)("have the known visitors by %s", async (dimension, key) => {
    const found = new Map(
      (await rowsOf(ports, { ...period, dimensions: [dimension], metrics: ["visitors"] })).map(([value, visitors]) => [
        value === "(not set)" ? "" : value,
        visitors,
      ]),
    );
    // The answers' visits are of Plausible's own sessions, which differ from the 30-minute rule; visitors do not.
    for (const [value, visitors] of answers[key]) expect([value, found.get(value)]).toEqual([value, visitors]);
  });
});

describe.skipIf(!fixturesDir)("the Apache log of May 2015, on two shards", async () => {
  if (!fixturesDir) return;
  const { all_traffic: answers } = readJsonFixture<ApacheAnswers>("web/apache_semicomplete_2015-05_answers.json");
  const ports = portsOf(apachePageviews(), { site: aSite({ shards: 2 }) });
  const period = { date_range: ["2015-05-17", "2015-05-20"] } satisfies Parameters<typeof rowsOf>[1];

  it("has the known totals", async () => {
    const metrics = ["pageviews", "visitors", "visits", "bounces"];
    expect(await rowsOf(ports, { ...period, metrics })).toEqual([
      [answers.pageviews, answers.visitors, answers.sessions, answers.bounce_sessions],
    ]);
  });

  it("has the known bounce rate and length of a visit", async () => {
    const [row] = await rowsOf(ports, { ...period, metrics: ["bounce_rate", "visit_duration", "views_per_visit"] });
    expect(row![0]).toBeCloseTo(answers.bounce_rate_pct, 3);
    expect(row![1]).toBeCloseTo(answers.mean_session_s, 3);
    expect(row![2]).toBeCloseTo(answers.pageviews / answers.sessions, 6);
  });

  it("has the known days", async () => {
    const metrics = ["pageviews", "visitors", "visits"];
    expect(await rowsOf(ports, { ...period, dimensions: ["time:day"], metrics })).toEqual(answers.per_day);
  });

  it("has the known top pages", async () => {
    const order: [string, "asc" | "desc"][] = [
      ["pageviews", "desc"],
      ["visitors", "desc"],
      ["event:page", "asc"],
    ];
    const rows = await rowsOf(ports, { ...period, ...byPage, order_by: order, metrics: ["pageviews", "visitors"] });
    expect(rows.slice(0, answers.top_pages.length)).toEqual(answers.top_pages);
  });
});
