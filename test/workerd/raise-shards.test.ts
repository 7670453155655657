import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { appendEvents } from "../../workers/api/append.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { moveShards } from "../../workers/jobs/move-shards.ts";
import { epochOfRollups, epochsOf, raiseByLoad } from "../../workers/store/moves.ts";
import { anEvent } from "../support/events.ts";
import { answersOf, crashAll, moveOn, moveThrough, raise, sendHistory, siteNow, VISITORS } from "./moving.ts";
import {
  aView,
  call,
  countRaw,
  createSite,
  DAY_MS,
  from,
  ok,
  passHours,
  rows,
  runAlarms,
  sendTaken,
  setClock,
  shardOfSite,
  shardsOfEpoch,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Some history in segments, some in the log. */
async function siteWithHistory(shards = 1): Promise<Site> {
  const site = await createSite({ shards });
  await sendHistory(site, "sealed");
  await passHours(site);
  await sendHistory(site, "logged");
  return site;
}

const countOf = async (site: Site) => (await rows(site, { metrics: ["events", "visitors"] }))[0];

describe("raising a site's shards", () => {
  it.each([
    [1, 4],
    [2, 3],
  ])(
    "from %i to %i changes no answer at any step",
    async (few, many) => {
      const site = await siteWithHistory(few);
      const before = await answersOf(site);
      await raise(site, many);
      expect(await answersOf(site)).toEqual(before);
      await moveThrough(site, async () => {
        expect(await answersOf(site)).toEqual(before);
      });
      expect(await siteNow(site)).toMatchObject({ epoch: 2, shards: many, nextShards: null });
      expect(await answersOf(site)).toEqual(before);
    },
    60_000,
  );

  it("keeps every event that arrives meanwhile, and counts repeats of earlier ones never", async () => {
    const site = await siteWithHistory();
    const sent: Record<string, unknown>[] = [];
    const [[events]] = (await rows(site, { metrics: ["events"] })) as [[number]];
    let visitor = 0;
    const traffic = async () => {
      const one = aView(site, { id: `meanwhile-${sent.length}` });
      expect(await sendTaken(one, from(visitor % VISITORS))).toMatchObject({ accepted: 1 });
      sent.push(one);
      visitor += 5;
      const again = sent.map((_, i) => i).filter((i) => i % 3 === sent.length % 3);
      for (const i of again) {
        expect(await sendTaken(sent[i], from((i * 5) % VISITORS))).toMatchObject({ duplicate: 1 });
      }
      expect(await rows(site, { metrics: ["events"] })).toEqual([[events + sent.length]]);
    };
    await raise(site, 4);
    await moveThrough(site, traffic);
    for (const [i, one] of sent.entries()) {
      expect(await sendTaken(one, from((i * 5) % VISITORS))).toMatchObject({ duplicate: 1 });
    }
    expect(await rows(site, { metrics: ["events"] })).toEqual([[events + sent.length]]);
    await ok("POST", `/api/v1/sites/${site.id}/flush`);
    expect(await countRaw(site)).toBe(events + sent.length);
  }, 60_000);

  it("goes on after every object was ended at any step", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const site = await siteWithHistory();
    const before = await answersOf(site);
    await raise(site, 2);
    await moveThrough(site, async () => {
      await crashAll(site);
      expect(await answersOf(site)).toEqual(before);
    });
    await crashAll(site);
    expect(await answersOf(site)).toEqual(before);
    expect(await siteNow(site)).toMatchObject({ epoch: 2, shards: 2 });
  }, 60_000);

  it("is followed by those who know only the site as it was", async () => {
    const site = await siteWithHistory();
    const [[events]] = (await rows(site, { metrics: ["events"] })) as [[number]];
    await raise(site, 2);
    await moveThrough(site);
    const late = Array.from({ length: 8 }, (_, i) => ({
      event: anEvent({
        id: `late-${i}`,
        visitorId: `${(i * 2).toString(16)}000000000000000`,
        at: Date.now(),
        receivedAt: Date.now(),
      }),
    }));
    expect(new Set(await appendEvents(env, site, { events: late }))).toEqual(new Set(["accepted"]));
    expect(await rows(site, { metrics: ["events"] })).toEqual([[events + 8]]);
    expect(await shardOfSite(site).scan([])).toMatchObject({
      given: [
        { from: 0, to: 2 ** 31 },
        { from: 2 ** 31, to: 2 ** 32 },
      ],
    });
  });

  it("refuses a repeat from another address by those who know only the site as it was", async () => {
    const site = await siteWithHistory(2);
    const now = { at: Date.now(), receivedAt: Date.now() };
    const visitors = Array.from({ length: 16 }, (_, i) => `${i.toString(16)}000000000000000`);
    await raise(site, 5);
    const sent: string[] = [];
    const repeats = async () => {
      const id = `moved-${sent.length}`;
      const visitorId = visitors[sent.length % 16]!;
      expect(
        await appendEvents(env, await siteNow(site), { events: [{ event: anEvent({ id, visitorId, ...now }) }] }),
      ).toEqual(["accepted"]);
      sent.push(id);
      const elsewhere = visitors.map((other) => ({ event: anEvent({ id, visitorId: other, ...now }), retry: true }));
      expect(new Set(await appendEvents(env, site, { events: elsewhere }))).toEqual(new Set(["duplicate"]));
    };
    await moveThrough(site, repeats);
    await repeats();
    expect(sent.length).toBeGreaterThan(5);
  }, 60_000);

  it("may be done again, and again", async () => {
    const site = await siteWithHistory();
    const before = await answersOf(site);
    for (const shards of [2, 3, 8]) {
      await raise(site, shards);
      await moveThrough(site);
    }
    expect(await answersOf(site)).toEqual(before);
    expect(await siteNow(site)).toMatchObject({ epoch: 4, shards: 8 });
  }, 60_000);

  it("ends with empty old objects, a day later", async () => {
    const site = await siteWithHistory();
    const before = await answersOf(site);
    await raise(site, 2);
    await moveThrough(site);
    await moveShards.run(env, Date.now());
    expect((await shardOfSite(site).stats()).segments).toBeGreaterThan(0);
    await moveShards.run(env, Date.now() + DAY_MS + 1);
    expect(await shardOfSite(site).stats()).toMatchObject({ segments: 0, logRows: 0, events: 0 });
    expect((await epochsOf(env.DB, site.id))[0]?.emptiedAt).not.toBeNull();
    expect(await answersOf(site)).toEqual(before);
    // Whoever still knows the site as it was is told where to go.
    const event = anEvent({ id: "stale", visitorId: "8000000000000000", at: Date.now(), receivedAt: Date.now() });
    expect(await appendEvents(env, site, { events: [{ event }] })).toEqual(["accepted"]);
    expect((await shardOfSite(site).stats()).events).toBe(0);
  });
});

describe("an import in a site that moves", () => {
  const lines = Array.from({ length: 40 }, (_, line) => ({
    line,
    at: Date.UTC(2020, 1, 1) + line * 3600_000,
    name: "pageview",
    url: "https://example.com/old",
    visitor: `203.0.113.${line % 9}`,
  }));
  const post = (site: Site, events: unknown[]) =>
    ok("POST", `/api/v1/sites/${site.id}/import`, { import: { id: "history", label: "log" }, events });
  const undo = (site: Site) => ok("DELETE", `/api/v1/sites/${site.id}/import/history`);

  it("takes each line once and is undone as a whole afterwards", async () => {
    const site = await siteWithHistory();
    const before = await countOf(site);
    await post(site, lines.slice(0, 20));
    await raise(site, 3);
    await moveOn(site);
    expect(await post(site, lines.slice(10, 30))).toMatchObject({ accepted: 10, duplicate: 10 });
    await moveThrough(site);
    expect(await post(site, lines)).toMatchObject({ accepted: 10, duplicate: 30 });
    expect(await ok("GET", `/api/v1/sites/${site.id}/import/history`)).toMatchObject({ events: 40, nextLine: 40 });
    expect(await undo(site)).toEqual({ removed: 40 });
    expect(await countOf(site)).toEqual(before);
    await runAlarms(site);
    expect(await countRaw(site, "import_id = 'history'")).toBe(0);
  }, 60_000);

  it("is undone at any step and does not come back", async () => {
    for (let steps = 0; steps < 5; steps++) {
      const site = await siteWithHistory();
      const before = await countOf(site);
      await post(site, lines);
      await raise(site, 2);
      for (let step = 0; step < steps; step++) await moveOn(site);
      expect(await undo(site)).toEqual({ removed: 40 });
      expect(await countOf(site)).toEqual(before);
      await moveThrough(site);
      expect(await countOf(site)).toEqual(before);
    }
  }, 60_000);
});

describe("the number of a site's shards", () => {
  const patch = (site: Site, shards: unknown) =>
    call<Problem>("PATCH", `/api/v1/sites/${site.id}`, { body: { shards } });

  it("is shown with how far a move is", async () => {
    const site = await siteWithHistory();
    await raise(site, 2);
    const read = () => ok("GET", `/api/v1/sites/${site.id}`);
    expect(await read()).toMatchObject({ shards: 1, epoch: 1, move: { epoch: 2, shards: 2, pieces: 2 } });
    await moveThrough(site);
    expect(await read()).toMatchObject({ shards: 2, epoch: 2, nextShards: null, move: null });
  });

  it("can only rise, one move at a time", async () => {
    const site = await createSite({ shards: 3 });
    expect((await patch(site, 2)).body).toMatchObject({
      errors: [{ path: "shards", message: "the site has 3 shards, and they cannot become fewer; keep 3 or more" }],
    });
    expect((await patch(site, 65)).status).toBe(400);
    expect((await patch(site, 3)).status).toBe(200);
    expect(await siteNow(site)).toMatchObject({ shards: 3, nextShards: null, autoShards: false });
    await patch(site, 4);
    expect((await patch(site, 5)).status).toBe(409);
    await moveThrough(site);
    expect((await patch(site, 5)).status).toBe(200);
    await moveThrough(site);
    expect(await siteNow(site)).toMatchObject({ shards: 5, epoch: 3 });
  });

  it("doubles by itself under load, unless it was set", async () => {
    const site = await createSite({ shards: 3 });
    const of = { siteId: site.id, shard: 0, shards: 3, epoch: 1, timeZone: "UTC", jurisdiction: "none" } as const;
    await patch(site, 3);
    await raiseByLoad(env, of, Date.now());
    expect(await siteNow(site)).toMatchObject({ nextShards: null });
    await patch(site, "auto");
    await Promise.all([raiseByLoad(env, of, Date.now()), raiseByLoad(env, { ...of, shard: 1 }, Date.now())]);
    await moveThrough(site);
    expect(await siteNow(site)).toMatchObject({ shards: 6, epoch: 2 });
    // A word from before the move raises nothing more.
    await raiseByLoad(env, of, Date.now());
    expect(await siteNow(site)).toMatchObject({ shards: 6, nextShards: null });
  });

  it("stays one on the free plan", async () => {
    const site = await createSite();
    const of = { siteId: site.id, shard: 0, shards: 1, epoch: 1, timeZone: "UTC", jurisdiction: "none" } as const;
    await raiseByLoad({ ...env, EDGEWISE_PLAN: "free" }, of, Date.now());
    expect(await siteNow(site)).toMatchObject({ shards: 1, nextShards: null });
  });
});

describe("roll-ups of a site that moved", () => {
  it("count once the new shards have made all of them, and say what those before said", async () => {
    const site = await siteWithHistory();
    await passHours(site, 30);
    const visits = async (epoch: number) => {
      const { results } = await env.DB.prepare(
        "select bucket, body from rollups where site_id = ?1 and epoch = ?2 and panel = 'totals' and grain = 'hour'",
      )
        .bind(site.id, epoch)
        .all<{ bucket: number; body: string }>();
      return results.length;
    };
    const counts = async () => epochOfRollups(await siteNow(site), await epochsOf(env.DB, site.id));
    expect(await counts()).toBe(1);
    expect(await visits(1)).toBeGreaterThan(0);
    await raise(site, 2);
    expect(await counts()).toBeNull();
    await moveThrough(site);
    setClock(Date.now() + 3 * 3600_000);
    for (let turn = 0; turn < 4; turn++) await runAlarms(await siteNow(site));
    expect(await counts()).toBe(2);
    expect(await visits(2)).toBeGreaterThanOrEqual(await visits(1));
    expect(shardsOfEpoch(site, 2, 2)).toHaveLength(2);
  });
});
