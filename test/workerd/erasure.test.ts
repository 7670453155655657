import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { checkRollups } from "../../workers/jobs/check-rollups.ts";
import { continueErasures } from "../../workers/jobs/continue-erasures.ts";
import { sampledDetails, writeDropSamples } from "../../workers/store/drop-samples.ts";
import { readHistory } from "../../workers/store/histories.ts";
import { crashAll, moveOn, moveThrough, raise, siteNow } from "./moving.ts";
import {
  aView,
  countRaw,
  createSite,
  fetchRaw,
  from,
  HOUR_MS,
  ok,
  passHours,
  rows,
  sendTaken,
  setClock,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Erasure {
  id: string;
  state: string;
  subject: string;
  receipt: { store: string; removed: Record<string, number>; note: string }[];
}

const GRANTED = { analytics: true, experience: true, marketing: true };

/** Events of a user in a browser at an address. */
async function visits(
  site: Site,
  {
    user,
    browser,
    address,
    at = Date.now() - 2 * HOUR_MS,
    ...fields
  }: Record<string, unknown> & { address: string; at?: number },
): Promise<void> {
  const events = Array.from({ length: 4 }, (_, i) => ({
    ...aView(site, { at: at + i * 60_000, url: `https://example.com/p${i}` }),
    ...(user !== undefined && { userId: user }),
    ...(browser !== undefined && { persistentId: browser }),
    consent: GRANTED,
    ...fields,
  }));
  expect(await sendTaken(events, from(address))).toMatchObject({ accepted: 4 });
}

/** Goes on with a request until it is done, with the shards' alarms in between. */
async function finish(site: Site, request: Promise<Erasure>): Promise<Erasure> {
  let told: Erasure | undefined;
  const waiting = request.then((reply) => {
    told = reply;
  });
  for (let turn = 0; turn < 200 && !told; turn++) {
    await moveOn(site).catch(() => undefined);
    await scheduler.wait(10);
  }
  await waiting;
  return told!;
}

const erase = (site: Site, user: string, body: unknown = {}): Promise<Erasure> =>
  finish(site, ok<Erasure>("DELETE", `/api/v1/sites/${site.id}/users/${encodeURIComponent(user)}`, body));

const countsOf = ({ receipt }: Erasure, store: string) => receipt.find((line) => line.store === store)?.removed;

async function accessOf(site: Site, user: string): Promise<Record<string, unknown>[]> {
  const reply = await fetchRaw("GET", `/api/v1/sites/${site.id}/users/${encodeURIComponent(user)}?format=ndjson`);
  const text = new TextDecoder().decode(await reply.arrayBuffer());
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Rows of D1, apart from when they were written. */
async function rollUpsOf(site: Site): Promise<string[]> {
  const statement = "select epoch, grain, bucket, panel, shard, body from rollups where site_id = ?1";
  const { results } = await env.DB.prepare(statement).bind(site.id).all<Record<string, unknown>>();
  return results.map((row) => JSON.stringify(row)).sort();
}

/** Of all closed buckets: how many said anything else than the events and what was erased of them. */
async function differing(site: Site): Promise<{ checked: number; differing: number }> {
  for (let run = 0; run < 10; run++) {
    setClock(Date.now() + 1000);
    await checkRollups.run(env, Date.now());
  }
  const { rollups } = await ok<{ rollups: { checked: number; differing: number } }>(
    "GET",
    `/api/v1/sites/${site.id}/status`,
  );
  return rollups;
}

/** What the shards say, whatever is rolled up. */
const fromShards = (site: Site) =>
  rows(site, { metrics: ["events"], filters: [["is_not", "event:props:none", ["x"]]] });

async function siteOfTwo(shards = 1): Promise<Site> {
  const site = await createSite({ shards });
  for (const [user, address] of [
    ["ada@example.com", "a"],
    ["bob@example.com", "b"],
    ["cleo@example.com", "c"],
  ] as const) {
    await visits(site, { user, browser: `browser-${address}`, address });
    await visits(site, { user, browser: `browser-${address}`, address: `${address}2`, at: Date.now() - 26 * HOUR_MS });
  }
  await passHours(site, 24);
  await passHours(site, 2);
  return site;
}

describe("erasing a user", () => {
  it("takes their events out of the shards and D1, and nobody else's", async () => {
    const site = await createSite();
    await visits(site, { user: "ada@example.com", browser: "b1", address: "a" });
    await visits(site, { user: "bob@example.com", browser: "b2", address: "b" });
    await passHours(site);
    await visits(site, { user: "ada@example.com", browser: "b1", address: "a", at: Date.now() - 60_000 });
    expect(await rows(site, { metrics: ["events"] })).toEqual([[12]]);
    expect(await accessOf(site, "ada@example.com")).toHaveLength(8);
    const done = await erase(site, "ada@example.com");
    expect(done.state).toBe("done");
    expect(countsOf(done, "shards")).toEqual({ events: 8, named: 0 });
    expect(await accessOf(site, "ada@example.com")).toEqual([]);
    expect(await accessOf(site, "bob@example.com")).toHaveLength(4);
    expect(await countRaw(site)).toBe(4);
  });

  it.each([1, 3])("leaves roll-ups as they were, of %i shards", async (shards) => {
    const site = await siteOfTwo(shards);
    const before = await rollUpsOf(site);
    expect(before.length).toBeGreaterThan(20);
    expect(await fromShards(site)).toEqual([[24]]);
    await erase(site, "ada@example.com");
    const now = await siteNow(site);
    expect(now).toMatchObject({ epoch: 2, shards });
    expect(await rollUpsOf(site)).toEqual(before);
    expect(await fromShards(site)).toEqual([[16]]);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[24]]);
    const check = await differing(now);
    expect(check.checked).toBeGreaterThan(4);
    expect(check.differing).toBe(0);
  });

  it("counts what was erased on when an hour is rolled up again, and after the next move", async () => {
    const site = await siteOfTwo();
    await erase(site, "ada@example.com");
    const dave = { user: "dave@example.com", browser: "browser-d", address: "d" };
    await visits(site, { ...dave, at: Date.now() - 28 * HOUR_MS });
    const now = await siteNow(site);
    await passHours(now, 2);
    await passHours(now, 2);
    expect(await fromShards(site)).toEqual([[20]]);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[28]]);
    expect(await differing(now)).toMatchObject({ differing: 0 });
    await erase(site, "dave@example.com");
    const after = await siteNow(site);
    expect(await fromShards(site)).toEqual([[16]]);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[28]]);
    expect(await differing(after)).toMatchObject({ differing: 0 });
    await raise(site, 2);
    await moveThrough(site);
    const raised = await siteNow(site);
    for (let turn = 0; turn < 3; turn++) await passHours(raised, 2);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[28]]);
    expect(await differing(raised)).toMatchObject({ differing: 0 });
  }, 60_000);

  it("takes browsers and visitors that were theirs alone, and what names them in a shared one", async () => {
    const site = await createSite();
    const ada = "ada@example.com";
    await visits(site, { user: ada, browser: "own", address: "1" });
    await visits(site, { browser: "own", address: "2" });
    await visits(site, { address: "1" });
    await visits(site, { user: ada, browser: "shared", address: "3" });
    await visits(site, { user: "bob@example.com", browser: "shared", address: "4" });
    await visits(site, { browser: "shared", address: "4" });
    await visits(site, { address: "5" });
    expect(await fromShards(site)).toEqual([[28]]);
    expect(await accessOf(site, "bob@example.com")).toHaveLength(4);
    expect(countsOf(await erase(site, ada), "shards")).toEqual({ events: 16, named: 0 });
    expect(await fromShards(site)).toEqual([[12]]);
  });

  it("takes names out of what others sent", async () => {
    const site = await createSite();
    await visits(site, { user: "ada-of-hill", browser: "own", address: "1" });
    const props = { to: "Ada-Of-Hill", card: "C-10293", text: "for ada-of-hill, soon", plan: "pro" };
    const url = "https://example.com/people/C%2D10293/edit";
    await visits(site, { user: "bob@example.com", browser: "other", address: "2", props, url });
    await passHours(site);
    await passHours(site);
    const history =
      "date,page,visitors,visits,pageviews\n2024-01-01,/u/ada-of-hill,1,1,2\n2024-01-01,/u/c-10293,1,1,3\n";
    const path = `/api/v1/sites/${site.id}/history?name=imported_pages.csv`;
    const { id } = await ok<{ id: string }>("POST", path, history);
    const hosts = ["c-10293", "shop.example.org"].map((detail) => ({ day: 0, reason: "hostname", detail, count: 1 }));
    await writeDropSamples(env.DB, { siteId: site.id, epoch: 1, shard: 0 }, hosts);
    const done = await erase(site, "ada-of-hill", { names: ["c-10293"] });
    expect(countsOf(done, "filtered")).toEqual({ rows: 1 });
    expect(await sampledDetails(env.DB, site.id)).toEqual(["shop.example.org"]);
    const read = { id, panel: "event:page", from: "2024-01-01", to: "2024-01-01" };
    expect((await readHistory(env.DB, site.id, read))[0]!.rows).toEqual([["(erased)", 2, 2, 5, 0, 0, 0]]);
    expect(countsOf(done, "shards")).toEqual({ events: 4, named: 4 });
    expect(countsOf(done, "rollUps")?.rows).toBeGreaterThan(1);
    const [event] = await accessOf(site, "bob@example.com");
    expect(event).toMatchObject({ path: "(erased)" });
    expect(JSON.parse(String(event?.props))).toEqual({
      to: "(erased)",
      card: "(erased)",
      text: "(erased)",
      plan: "pro",
    });
    expect(
      await rows(site, {
        metrics: ["events"],
        dimensions: ["event:page"],
        filters: [["is", "event:page", ["(erased)"]]],
      }),
    ).toEqual([["(erased)", 4]]);
    expect(await differing(await siteNow(site))).toMatchObject({ differing: 0 });
    for (const table of ["raw_events", "rollups"]) {
      const found = await env.DB.prepare(
        `select count(*) as n from ${table} where site_id = ?1 and body like '%10293%'`,
      )
        .bind(site.id)
        .first();
      expect(found).toEqual({ n: 0 });
    }
  });

  it("goes on where a crash left it, and does two at once in one move", async () => {
    const site = await siteOfTwo(2);
    const path = `/api/v1/sites/${site.id}/erasures`;
    const asked = ["ada@example.com", "bob@example.com"].map((userId) => ok<Erasure>("POST", path, { userId }));
    const requests = Promise.allSettled(asked);
    for (let turn = 0; turn < 6; turn++) {
      await moveOn(site).catch(() => undefined);
      await crashAll(site);
    }
    await requests;
    const { erasures } = await ok<{ erasures: Erasure[] }>("GET", path);
    expect(erasures).toHaveLength(2);
    await env.DB.prepare("update erasures set driven_until = 0").run();
    let going = true;
    const driving = continueErasures.run(env, Date.now()).finally(() => {
      going = false;
    });
    while (going) {
      await moveOn(site).catch(() => undefined);
      await scheduler.wait(10);
    }
    await driving;
    const done = (await ok<{ erasures: Erasure[] }>("GET", path)).erasures;
    expect(done.map((one) => [one.state, countsOf(one, "shards")?.events])).toEqual([
      ["done", 8],
      ["done", 8],
    ]);
    expect(await fromShards(site)).toEqual([[8]]);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[24]]);
    expect((await siteNow(site)).epoch).toBe(2);
  }, 60_000);
});
