import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { QueryInput } from "../../../workers/domain/query.ts";
import { createAnswerCache } from "../../../workers/query/answer-cache.ts";
import { eventsAMonth } from "../../../workers/query/events-a-month.ts";
import type { RolledPorts } from "../../../workers/query/gather.ts";
import type { QueryPorts } from "../../../workers/query/run.ts";
import { askAnalyticsEngine } from "../../../workers/store/analytics-engine.ts";
import { anEvent } from "../../support/events.ts";
import { rolledPortsOf, type StandingFields } from "../../support/rolled.ts";
import { aSite, ask, inBatches, portsOf, scanAll, sourceOf } from "../../support/shards.ts";
import { openSqlApi, type SqlApi } from "../../support/sql-api.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = Date.UTC(2026, 10, 21);
const NOW = TODAY + 15 * HOUR;
const ACCOUNT = { accountId: "0123abcd", token: "secret-token" };
/** Each point that was kept stands for so many events. */
const WEIGHT = 10;

const views = [
  [TODAY - DAY + HOUR, "/old"],
  [TODAY + HOUR, "/a"],
  [TODAY + 2 * HOUR, "/a"],
  [TODAY + 13 * HOUR, "/b"],
] as const;
const events = views.map(([at, path], index) => anEvent({ at, path, visitorId: `${index}`.padStart(16, "0") }));
const source = sourceOf(inBatches(events, 20));

const byPage: Partial<QueryInput> = { metrics: ["pageviews"], dimensions: ["event:page"] };
const pagesOf = ({ results }: { results: { dimensions: string[]; metrics: unknown[] }[] }) =>
  results.map(({ dimensions, metrics }) => [...dimensions, ...metrics]);

/** What the API would say of today's pages. */
function sampledPages(sql: string) {
  if (!sql.includes("GROUP BY k0")) throw new Error("asked for anything but pages");
  const row = (k0: string, points: number) => ({
    k0,
    pageviews: String(points * WEIGHT),
    points,
    weight: points * WEIGHT,
  });
  return [row("/a", 2), row("/b", 1)];
}

let api: SqlApi;
beforeAll(async () => {
  api = await openSqlApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.statements.length = 0;
  api.answer = sampledPages;
});

interface Given extends Partial<StandingFields> {
  exactLimit?: number | null;
  account?: boolean;
  now?: number;
}

async function rolledPorts(given: Given = {}): Promise<RolledPorts> {
  const standing = { closedUntil: NOW - HOUR, versions: ["1"], ...given };
  return rolledPortsOf({ sources: [source], timeZone: "UTC", from: TODAY - 2 * DAY, to: TODAY + 14 * HOUR }, standing);
}

/** A site with four events, of which the limit allows three. */
async function ports(given: Given = {}): Promise<QueryPorts> {
  const { exactLimit = 3, account = true, now = NOW } = given;
  const rolled = await rolledPorts(given);
  return portsOf([], {
    site: aSite({ exactLimit }),
    now,
    scan: async (_, requests) => [await scanAll(source, requests)],
    rolled,
    points: {
      eventsAMonth: () => eventsAMonth(rolled.read, now),
      ask: account
        ? (sql) => askAnalyticsEngine(sql, ACCOUNT, { api: api.url, timeoutMs: 100 })
        : "set EDGEWISE_ACCOUNT_ID and EDGEWISE_ANALYTICS_TOKEN",
    },
  });
}

describe("a site above its exact limit", () => {
  it("is answered from Analytics Engine, and the answer says that it is estimated and from what", async () => {
    const answer = await ask(await ports(), byPage);
    expect(pagesOf(answer)).toEqual([
      ["/a", 20],
      ["/b", 10],
    ]);
    expect(answer.meta).toMatchObject({ source: "analytics_engine", exact: false, scanned: 3, freshness: null });
    expect(answer.meta.notes).toEqual([
      { code: "sampled", message: "estimated from 3 points, which stand for 30 events" },
    ]);
    expect(api.statements).toHaveLength(1);
  });

  it.each<[string, Partial<QueryInput>]>([
    ["visitors", { metrics: ["visitors"], dimensions: ["event:page"] }],
    ["visits beside what points could count", { metrics: ["pageviews", "visits"], dimensions: ["event:page"] }],
    ["shares", { metrics: ["pageviews", "percentage"], dimensions: ["event:page"] }],
    [
      "a comparison that reaches back further than points are kept",
      { ...byPage, include: { comparisons: { mode: "year_over_year" } } },
    ],
  ])("has %s counted exactly", async (_, question) => {
    const { meta } = await ask(await ports(), question);
    expect([meta.source, meta.exact, meta.notes]).toEqual([expect.stringContaining("shards"), true, undefined]);
    expect(api.statements).toEqual([]);
  });

  it("has closed days answered by roll-ups, which are exact and as cheap", async () => {
    const closed = { ...byPage, date_range: ["2026-11-20", "2026-11-20"] as [string, string] };
    const answer = await ask(await ports(), closed);
    expect([answer.meta.source, answer.meta.exact, pagesOf(answer)]).toEqual(["rollups", true, [["/old", 1]]]);
    expect(api.statements).toEqual([]);
  });

  it("has a period that touches an import counted exactly, since imports leave no points", async () => {
    const touching = await ports({ imported: [{ from: TODAY - DAY, to: TODAY + 1 }] });
    const before = await ports({ imported: [{ from: TODAY - DAY, to: TODAY }] });
    expect((await ask(touching, byPage)).meta).toMatchObject({ exact: true });
    expect((await ask(before, byPage)).meta).toMatchObject({ source: "analytics_engine" });
  });

  it.each([
    ["fails", 500, /busy \(500/],
    ["refuses the token", 403, /EDGEWISE_ANALYTICS_TOKEN/],
    ["does not answer in time", "never", /no answer within 100 ms/],
    ["answers without the rows it was asked for", () => [{ k0: "/a" }], /sent no number/],
  ] as const)("gets an exact answer when Analytics Engine %s, and is told so", async (_, how, reason) => {
    const answers = createAnswerCache<Awaited<ReturnType<typeof ask>>>(1e6);
    const cached = { ...(await ports()), answers } as QueryPorts; // only such answers are asked for here
    api.answer = how as SqlApi["answer"]; // readonly rows are rows
    const answer = await ask(cached, byPage);
    expect(pagesOf(answer)).toEqual([
      ["/a", 2],
      ["/b", 1],
    ]);
    expect(answer.meta.exact).toBe(true);
    expect(answer.meta.notes).toEqual([{ code: "points_unavailable", message: expect.stringMatching(reason) }]);
    // It does not stand in for the estimate any longer than it must.
    api.answer = sampledPages;
    expect((await ask(cached, byPage)).meta).toMatchObject({ source: "analytics_engine", exact: false });
  });

  it("is told what to set while no account is configured", async () => {
    const { meta } = await ask(await ports({ account: false }), byPage);
    const message = expect.stringContaining("EDGEWISE_ANALYTICS_TOKEN");
    expect([meta.exact, meta.notes]).toEqual([true, [{ code: "points_unavailable", message }]]);
    // What would have been exact in any case needs no such note.
    expect((await ask(await ports({ account: false }), { metrics: ["visitors"] })).meta.notes).toBeUndefined();
  });

  it("keeps estimates a minute while nothing comes, and apart from exact answers", async () => {
    const answers = createAnswerCache<Awaited<ReturnType<typeof ask>>>(1e6);
    const asked = async (given: Given = {}) => ask({ ...(await ports(given)), answers } as QueryPorts, byPage); // as above
    await asked();
    expect((await asked()).meta).toMatchObject({ source: "analytics_engine", cached: true });
    expect(api.statements).toHaveLength(1);
    const exact = await asked({ exactLimit: 4 });
    expect(exact.meta).toMatchObject({ exact: true });
    expect(exact.meta.cached).toBeUndefined();
    expect((await asked()).meta.exact).toBe(false);
    expect((await asked({ now: NOW + 60_000 })).meta.cached).toBeUndefined();
    expect((await asked({ now: NOW + 60_001, versions: ["2"] })).meta.cached).toBeUndefined();
  });
});

describe("a site at its exact limit, or without one", () => {
  it.each([4, null])("is never asked of Analytics Engine (%s)", async (exactLimit) => {
    const { meta } = await ask(await ports({ exactLimit }), byPage);
    expect([meta.exact, meta.notes]).toEqual([true, undefined]);
    expect(api.statements).toEqual([]);
  });
});

it("the events of a month are those of its days and of the hours after them", async () => {
  const { read } = await rolledPorts();
  expect(await eventsAMonth(read, NOW)).toBe(4);
  const hoursOnly = (reads: Parameters<typeof read>[0]) => read(reads.filter(({ grain }) => grain === "hour"));
  expect(await eventsAMonth(hoursOnly, NOW)).toBe(4);
  expect(await eventsAMonth(read, NOW + 31 * DAY)).toBe(0);
});
