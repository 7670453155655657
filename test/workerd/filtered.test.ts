import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Filtered } from "../../workers/api/answers.ts";
import type { Site } from "../../workers/domain/site.ts";
import { JOBS } from "../../workers/jobs/index.ts";
import { aView, CHROME, createSite, DAY_MS, evictShards, ok, runAlarms, send, sendTaken, setClock } from "./worker.ts";

const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

afterEach(() => {
  vi.useRealTimers();
});

const filteredOf = (site: Site, asked = "date_range=7d") =>
  ok<Filtered>("GET", `/api/v1/sites/${site.id}/filtered?${asked}`);
const samplesOf = ({ samples }: Filtered) => samples.map(({ reason, detail, count }) => [reason, detail, count]);

async function aFilteredSite(): Promise<Site> {
  const site = await createSite({
    hostnames: ["example.com"],
    excludedPaths: ["/admin/*"],
    excludedReferrers: ["Spam.example"],
  });
  await sendTaken([aView(site), aView(site, { url: "https://example.com/prices" })]);
  await send(aView(site), { "user-agent": BOT });
  await send(aView(site, { url: "https://staging.example.org/anna" }));
  await send(aView(site, { url: "https://staging.example.org/" }));
  await send(aView(site, { url: "https://example.com/admin/users/anna" }));
  await send(aView(site, { referrer: "https://go.spam.example/?who=anna" }));
  await send(aView(site, { name: "x".repeat(500) }));
  await send(aView(site, { consent: { analytics: false } }));
  await runAlarms(site);
  return site;
}

describe("what was filtered", () => {
  it("is told by reason and day, with its share of all that came", async () => {
    const told = await filteredOf(await aFilteredSite());
    expect(told).toMatchObject({ counted: 2, filtered: 7, share: (100 * 7) / 9 });
    expect(told.reasons.map(({ reason, count }) => [reason, count])).toEqual([
      ["hostname", 2],
      ["bot", 1],
      ["excluded", 1],
      ["invalid", 1],
      ["no_consent", 1],
      ["spam", 1],
    ]);
    expect(told.reasons[0]?.about).toMatch(/host/);
    expect(told.days).toHaveLength(7);
    expect(told.days.at(-1)?.counts).toEqual({ hostname: 2, bot: 1, excluded: 1, invalid: 1, no_consent: 1, spam: 1 });
  });

  it("has samples of what it was refused for, and nothing of who sent it", async () => {
    const site = await aFilteredSite();
    expect(samplesOf(await filteredOf(site))).toEqual([
      ["hostname", "staging.example.org", 2],
      ["excluded", "/admin/*", 1],
      ["bot", "Googlebot", 1],
      ["invalid", "name", 1],
      ["spam", "spam.example", 1],
    ]);
    const rows = await env.DB.prepare("select * from drop_samples where site_id = ?1").bind(site.id).all();
    expect(JSON.stringify(rows.results)).not.toMatch(/anna|203\.0\.113|Mozilla/);
  });

  it("is no less after a shard has slept", async () => {
    const site = await aFilteredSite();
    await evictShards(site);
    await send(aView(site, { url: "https://staging.example.org/" }));
    await runAlarms(site);
    const told = await filteredOf(site);
    expect(told.reasons[0]).toMatchObject({ reason: "hostname", count: 3 });
    expect(samplesOf(told)[0]).toEqual(["hostname", "staging.example.org", 2]);
  });

  it("holds what waits in quarantine as the plan's, until it is replayed", async () => {
    const site = await createSite();
    const plan = { mode: "enforce", events: { bought: { properties: { total: { type: "number", max: 10 } } } } };
    await ok("PUT", `/api/v1/sites/${site.id}/tracking-plan`, plan);
    await send({ site: site.id, name: "bought", url: "https://example.com/", props: { total: 50 } });
    await runAlarms(site);
    expect((await filteredOf(site)).reasons).toMatchObject([{ reason: "plan", count: 1 }]);
    plan.events.bought.properties.total.max = 100;
    await ok("PUT", `/api/v1/sites/${site.id}/tracking-plan`, plan);
    await ok("POST", `/api/v1/sites/${site.id}/quarantine/replay`, {});
    expect(await filteredOf(site)).toMatchObject({ filtered: 0, counted: 1 });
  });

  it("is of the period that is asked for, of no other site, and nothing where nothing came", async () => {
    const site = await aFilteredSite();
    expect(await filteredOf(site, "from=2026-01-01&to=2026-01-07")).toMatchObject({
      filtered: 0,
      samples: [],
      share: null,
    });
    expect(await filteredOf(await createSite())).toMatchObject({ counted: 0, filtered: 0, share: null, reasons: [] });
  });

  it("has samples for thirty days, and counts for longer", async () => {
    const site = await aFilteredSite();
    setClock(Date.now() + 32 * DAY_MS);
    await JOBS.pruneFiltered.run(env, Date.now());
    await JOBS.pruneFiltered.run(env, Date.now());
    const told = await filteredOf(site, "date_range=91d");
    expect(told).toMatchObject({ filtered: 7, samples: [], keptDays: 30 });
  });

  it("stays small in a flood of made-up hosts", async () => {
    const site = await createSite({ hostnames: ["example.com"] });
    const flood = Array.from({ length: 400 }, (_, host) => aView(site, { url: `https://h${host}.example/` }));
    await send(flood, { "user-agent": CHROME });
    await runAlarms(site);
    const told = await filteredOf(site);
    expect(told.filtered).toBe(400);
    expect(told.samples).toHaveLength(20);
  });
});
