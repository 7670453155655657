// Insights over HTTP: planted causes are named, and every number is what the query answers.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../workers/api/app.ts";
import type { Insights } from "../../workers/api/insight-schemas.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { amountOf } from "../../workers/domain/money.ts";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Planted, plantedVisits } from "../support/planted-visits.ts";
import { countedEnv } from "./counted-calls.ts";
import { ADMIN_TOKEN, call, createSite, HOUR_MS, ORIGIN, ok, setClock } from "./worker.ts";

const END = Date.UTC(2026, 5, 1);
const MONTH = { from: "2026-05-04", to: "2026-05-31" };
const LAST = 28;
const BATCH = 2000;
/** Some thousand events go through the whole import. */
const IMPORT_MS = 120_000;

async function siteWith(planted: Partial<Planted>): Promise<Site> {
  const site = await createSite({ shards: 2 });
  await ok("POST", `/api/v1/sites/${site.id}/goals`, { name: "Signup", kind: "event", match: "signup" });
  const events = plantedVisits({ seed: "http", end: END, days: 105, mean: 40, ...planted });
  const lines = events.map(({ name, at, path, visitorId, country, device, source, channel, browser }, line) => ({
    ...{ line, at, name, url: `https://example.com${path}`, visitor: visitorId },
    ...{ country, device, browser, channel, ...(source && { source }) },
  }));
  const options = { id: "history", label: "history", visitors: "given", bots: "keep" };
  for (let from = 0; from < lines.length; from += BATCH) {
    const sent = { import: options, events: lines.slice(from, from + BATCH) };
    await ok("POST", `/api/v1/sites/${site.id}/import`, sent);
  }
  return site;
}

const pathOf = (site: Site, asked: Record<string, string>) =>
  `/api/v1/sites/${site.id}/insights?${new URLSearchParams(asked)}`;
const get = (site: Site, asked: Record<string, string> = MONTH) => ok<Insights>("GET", pathOf(site, asked));

/** What the query answers to the question of each number that has one. */
async function answered(insights: Insights["insights"]) {
  const asked = insights.flatMap(({ figures }) =>
    figures.flatMap((one) => (one.query ? [{ ...one, query: one.query }] : [])),
  );
  const values: (number | null)[] = [];
  for (let from = 0; from < asked.length; from += 20) {
    const questions = asked.slice(from, from + 20).map(({ query }) => query);
    const answers = await ok<QueryResult[]>("POST", "/api/v2/query", questions);
    values.push(...answers.map(({ results }) => amountOf(results[0]?.metrics[0])));
  }
  return { told: asked.map(({ value }) => value), values };
}

describe("insights of a site whose mobile visitors from Germany stay away", () => {
  let site: Site;
  beforeAll(async () => {
    site = await siteWith({
      behaviour: ({ country, device }, back) =>
        back <= LAST && country === "DE" && device === "Mobile" ? { volume: 0.1 } : {},
    });
  }, IMPORT_MS);

  it("name them first, with their share of the fall as the query tells it", async () => {
    const { standing, exact, period, comparison, insights } = await get(site);
    expect({ standing, exact, period, comparison }).toMatchObject({
      standing: "told",
      exact: true,
      period: { from: "2026-05-04T00:00:00+00:00", running: false },
      comparison: { from: "2026-04-06T00:00:00+00:00", to: "2026-05-03T23:59:59+00:00" },
    });
    const cause = insights[0]!.cause!;
    expect(cause).toMatchObject({
      how: "part",
      dimensions: ["visit:country", "visit:device"],
      values: ["DE", "Mobile"],
    });
    const visitors = async (days: [string, string], filters: ["is", string, string[]][]) => {
      const asked = { site_id: site.id, metrics: ["visitors"], date_range: days, filters };
      const { results } = await ok<QueryResult>("POST", "/api/v2/query", asked);
      return amountOf(results[0]?.metrics[0])!;
    };
    const both: [string, string][] = [
      [MONTH.from, MONTH.to],
      ["2026-04-06", "2026-05-03"],
    ];
    const part: ["is", string, string[]][] = [
      ["is", "visit:country", ["DE"]],
      ["is", "visit:device", ["Mobile"]],
    ];
    const [now, before] = await Promise.all(both.map((days) => visitors(days, [])));
    const [partNow, partBefore] = await Promise.all(both.map((days) => visitors(days, part)));
    expect(cause.share).toBeCloseTo((100 * (partNow! - partBefore!)) / (now! - before!), 9);
    expect(insights[0]!.text).toContain(`to ${now!.toLocaleString("en-US")}, from ${before!.toLocaleString("en-US")}.`);
  });

  it("have in each number what the query answers", async () => {
    const { told, values } = await answered((await get(site)).insights);
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(values).toEqual(told);
  });

  it("are nothing notable for the months before", async () => {
    const before = await get(site, { from: "2026-04-06", to: "2026-05-03" });
    expect(before).toMatchObject({ standing: "nothing_notable", note: "Nothing notable.", insights: [] });
  });

  it("cost a second reader of a running period no scan, within a minute", async () => {
    setClock(END - 10 * HOUR_MS + 1000);
    const counter = { calls: 0 };
    const { shards } = countedEnv({ DB: env.DB, shards: env.SITE_SHARD }, counter);
    const bindings = { ...env, SITE_SHARD: shards };
    const read = async () => {
      const before = counter.calls;
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
      const request = new Request(ORIGIN + pathOf(site, { date_range: "28d" }), { headers });
      const context = createExecutionContext();
      const body = (await (await app.fetch(request, bindings, context)).json()) as Insights;
      await waitOnExecutionContext(context);
      return { calls: counter.calls - before, texts: body.insights.map(({ text }) => text) };
    };
    const first = await read();
    setClock(END - 10 * HOUR_MS + 31_000);
    const second = await read();
    vi.useRealTimers();
    expect(first.texts.length).toBeGreaterThan(0);
    expect(second.texts).toEqual(first.texts);
    // How the shards stand is asked for in each of the two rounds, and nothing else.
    expect(second.calls).toBe(2 * 2);
    expect(first.calls).toBeGreaterThan(second.calls);
  });

  it("say when too little is known, and of whom nobody comes", async () => {
    expect(await get(site, { from: "2026-02-15", to: "2026-02-21" })).toMatchObject({ standing: "little_data" });
    const empty = await createSite();
    expect(await get(empty)).toMatchObject({ standing: "little_data", history: { days: 0, needed: 14 }, insights: [] });
  });

  it.each([
    ["a comparison with nothing", { compare: "none" }, "compare"],
    ["all of time", { date_range: "all" }, "date_range"],
    ["filters that are no JSON", { filters: "DE" }, "filters"],
    ["filters that no view has", { filters: '[["not",["is","visit:country",["DE"]]]]' }, "filters.0"],
    ["a filter by what is not there", { filters: '[["is","visit:mood",["x"]]]' }, "filters.0.1"],
  ])("are refused of %s, by the name of the field", async (_, asked, path) => {
    const { status, body } = await call<Problem>("GET", pathOf(site, asked));
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path });
  });
});

describe("insights of a site to which other devices come, and whose form broke", () => {
  let site: Site;
  beforeAll(async () => {
    site = await siteWith({
      mean: 25,
      behaviour: ({ device, source }, back) => {
        const isLate = back <= LAST;
        const signup = source === "Newsletter" ? (isLate ? 0.02 : 0.6) : 0.1;
        if (device === "Mobile") return isLate ? { signup, volume: 4, bounce: 0.84 } : { signup, bounce: 0.9 };
        return { signup, bounce: isLate ? 0.14 : 0.2 };
      },
    });
  }, IMPORT_MS);

  it("tell the bounce rate's rise as their mix, each device having bounced less", async () => {
    const { insights } = await get(site);
    const bounces = insights.find(({ kind }) => kind === "bounce_rate")!;
    expect(bounces.cause).toMatchObject({ how: "mix", dimensions: ["visit:device"], values: ["Mobile"] });
    expect(bounces.cause!.share).toBeGreaterThan(100);
    for (const { rate } of bounces.cause!.contributions) expect(rate).toBeLessThan(0);
  });

  it("tell of the goal that the newsletter no longer reaches, each number as the query answers it", async () => {
    const { insights } = await get(site);
    const goal = insights.find(({ kind }) => kind === "conversion_rate");
    expect(goal?.text).toMatch(/^Conversion rate of Signup fell .*(source Newsletter|channel Email)/);
    const { told, values } = await answered(insights);
    expect(told.length).toBeGreaterThanOrEqual(8);
    expect(values).toEqual(told);
  });
});
