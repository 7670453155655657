import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { writePoints } from "../../durable-objects/site-shard/points.ts";
import { packEvent } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import worker from "../../workers/index.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { createInvitation, listInvitations } from "../../workers/store/invitations.ts";
import { readPiiFound, writePiiFound } from "../../workers/store/pii-found.ts";
import { pruneRawEvents, writeRawEvents } from "../../workers/store/raw-events.ts";
import { daySecret } from "../../workers/store/secrets.ts";
import { anEvent } from "../support/events.ts";
import { everythingStored } from "./everything-stored.ts";
import {
  aView,
  CHROME,
  countRaw,
  createSite,
  DAY_MS,
  evictShards,
  from,
  runAlarms,
  send,
  sendTaken,
  setClock,
  shardOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const CRON = "7 * * * *";
const bytesOf = (hex: string | null) => Uint8Array.from(hex?.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function rawEventsOf(site: Site): Promise<string[]> {
  await shardOfSite(site).flush();
  const { results } = await env.DB.prepare("select visitor_id as id from events where site_id = ?1")
    .bind(site.id)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** As collect makes it of the visitor `known`. */
function visitorIdOf(secret: Uint8Array, site: Site): string {
  return createHmac("sha256", secret).update(`${site.id}\nvisitor-known\n${CHROME}`).digest("hex").slice(0, 16);
}
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

describe("the hourly jobs", () => {
  it("make the secrets of the days around today, once", async () => {
    const now = Date.now() + 10 * DAY_MS;
    setClock(now);
    const secrets = () => Promise.all([-1, 0, 1, 2].map((day) => env.SECRETS.get(`day:${dateOf(now + day * DAY_MS)}`)));
    await worker.scheduled(createScheduledController({ cron: CRON, scheduledTime: new Date(now) }), env);
    const made = await secrets();
    for (const secret of made) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(made).size).toBe(4);
    await runDueJobs(CRON, env, now);
    expect(await secrets()).toEqual(made);
  });

  it("destroy the secrets of days that are over, after which no id of those days can be made again", async () => {
    const then = Date.now() + 100 * DAY_MS;
    setClock(then);
    const site = await createSite();
    await sendTaken(aView(site), from("known"));
    const [event] = await rawEventsOf(site);
    const day = dateOf(then);
    const secret = await daySecret(env, day);
    expect(visitorIdOf(secret, site)).toBe(event);
    const later = then + 7 * DAY_MS;
    await runDueJobs(CRON, env, later);
    // The job's clock: KV's own would keep it for some days.
    const { keys } = await env.SECRETS.list({ prefix: "day:" });
    const dates = keys.map(({ name }) => name.slice(4));
    expect(dates.filter((date) => date < dateOf(later - 4 * DAY_MS))).toEqual([]);
    expect(dates).toContain(dateOf(later));
    setClock(later);
    await expect(daySecret(env, day)).rejects.toThrow("destroyed");
    expect(await env.SECRETS.get(`day:${day}`)).toBeNull();
    const told = await env.DB.prepare("select destroyed_at as at from destroyed_secrets where date = ?1")
      .bind(day)
      .first();
    expect(told).toEqual({ at: later });
    const claims = await env.DB.prepare("select name from secret_claims where name = ?1").bind(`day:${day}`).first();
    expect(claims).toBeNull();
    for (const { name } of keys) {
      const other = await env.SECRETS.get(name);
      expect(visitorIdOf(bytesOf(other), site)).not.toBe(event);
    }
  });

  it("leave an act in the audit trail where they changed something, and none where they did not", async () => {
    const later = Date.now() + 200 * DAY_MS;
    const acts = async () => {
      const { results } = await env.DB.prepare(
        "select seq, actor, after from audit where actor like 'job %' order by seq",
      ).all();
      return results;
    };
    await daySecret(env, dateOf(Date.now()));
    await runDueJobs(CRON, env, later);
    const first = await acts();
    expect(first.findLast(({ actor }) => actor === "job destroySecrets")).toMatchObject({
      after: expect.stringContaining(dateOf(Date.now())),
    });
    await runDueJobs(CRON, env, later + 1);
    expect(await acts()).toEqual(first);
  });

  it("forget after 400 days what kinds of personal values were found", async () => {
    const now = Date.now();
    const counted = { hour: now, name: "email title", count: 3 };
    await writePiiFound(env.DB, { siteId: "found.example", epoch: 1, shard: 0 }, [counted]);
    await runDueJobs(CRON, env, now + 399 * DAY_MS);
    expect(await readPiiFound(env.DB, "found.example", 0)).toHaveLength(1);
    await runDueJobs(CRON, env, now + 401 * DAY_MS);
    expect(await readPiiFound(env.DB, "found.example", 0)).toEqual([]);
  });

  it("do what their cron says and nothing on another", async () => {
    const now = Date.now() + 50 * DAY_MS;
    await runDueJobs("0 0 1 1 *", env, now);
    expect(await env.SECRETS.get(`day:${dateOf(now)}`)).toBeNull();
  });

  it("forget invitations that have ended, and keep the others", async () => {
    const now = Date.now();
    const invite = (email: string) =>
      createInvitation(env.DB, { teamId: "main", role: "viewer", scopes: [], email }, now);
    const early = await invite("early@example.com");
    await runDueJobs(CRON, env, early.invitation.expiresAt);
    expect(await listInvitations(env.DB, "main", now)).toHaveLength(1);
    await runDueJobs(CRON, env, early.invitation.expiresAt + 1);
    expect(await listInvitations(env.DB, "main", now)).toEqual([]);
  });

  it("keep raw rows three days, and the newest of each site up to its size in bytes", async () => {
    const [old, large, small] = [await createSite(), await createSite(), await createSite()];
    const now = Date.now();
    const row = (seq: number, receivedAt: number, letters = 0) => {
      const body = JSON.stringify([packEvent(anEvent({ title: "ü".repeat(letters) }))]);
      return { seq, importId: "", receivedAt, count: 1, body };
    };
    const at = (siteId: string) => ({ siteId, epoch: 1, shard: 0 });
    await writeRawEvents(env.DB, at(old.id), [row(1, now - 3 * DAY_MS - 1), row(2, now - 3 * DAY_MS + 1)]);
    await writeRawEvents(env.DB, at(small.id), [row(1, now - 2 * DAY_MS, 1000)]);
    const rows = [3, 1, 2, 5, 4].map((age) => row(10 - age, now - age, 1000));
    await writeRawEvents(env.DB, at(large.id), rows);
    // Two bytes a letter: three rows fit.
    expect(await pruneRawEvents(env.DB, now, 7000)).toBe(1 + 2);
    const seqs = async (siteId: string) => {
      const { results } = await env.DB.prepare("select seq from raw_events where site_id = ?1 order by seq")
        .bind(siteId)
        .all<{ seq: number }>();
      return results.map(({ seq }) => seq);
    };
    expect(await seqs(old.id)).toEqual([2]);
    expect(await seqs(small.id)).toEqual([1]);
    expect(await seqs(large.id)).toEqual([7, 8, 9]);
    expect(await pruneRawEvents(env.DB, now)).toBe(0);
  });
});

describe("secrets", () => {
  it("are in KV and nowhere else", async () => {
    const site = await createSite();
    await sendTaken(aView(site, { consent: { analytics: true }, userId: "person@example.com" }));
    await runAlarms(site);
    const { keys } = await env.SECRETS.list();
    const values = await Promise.all(keys.map(({ name }) => env.SECRETS.get(name)));
    expect(values.length).toBeGreaterThan(1);
    const stored = await everythingStored(site);
    for (const value of values) expect(stored).not.toContain(value);
    expect(stored).not.toContain("person@example.com");
  });

  it("of a day are made by one of many who ask at once; the others ask again and get the same", async () => {
    const date = "2031-05-05";
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => daySecret(env, date)));
    const got = asked.filter((one) => one.status === "fulfilled").map((one) => [...one.value].join());
    expect(new Set(got).size).toBe(1);
    for (const one of asked) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "unavailable" });
    expect([...(await daySecret(env, date))].join()).toBe(got[0]);
    const { value, metadata } = await env.SECRETS.getWithMetadata(`day:${date}`);
    expect([typeof value, metadata]).toEqual(["string", null]);
  });

  it("are not made a second time by one who does not see them yet", async () => {
    const date = "2031-06-06";
    const name = `day:${date}`;
    await env.DB.prepare("insert into secret_claims values (?1, 'someone', ?2)")
      .bind(name, Date.now() + 60_000)
      .run();
    await expect(daySecret(env, date)).rejects.toMatchObject({ code: "unavailable", retryAfter: 1 });
    // Who claimed it and died leaves it to the next after a while.
    setClock(Date.now() + 61_000);
    expect(await daySecret(env, date)).toHaveLength(32);
    const claim = await env.DB.prepare("select claimed_until from secret_claims where name = ?1")
      .bind(name)
      .first<{ claimed_until: number }>();
    expect((claim?.claimed_until ?? 0) - Date.now()).toBeGreaterThan(5 * 60_000);
  });
});

describe("points for Analytics Engine", () => {
  it("are one an event, over many turns and a restart, and name nobody", async () => {
    const site = await createSite();
    const points = vi.spyOn(env.EVENTS!, "writeDataPoint");
    const events = (n: number, start: number) =>
      Array.from({ length: n }, (_, i) =>
        aView(site, { id: `e${start + i}`, consent: { analytics: true }, userId: "u", persistentId: "p" }),
      );
    for (let start = 0; start < 600; start += 300) await sendTaken(events(300, start), from(start));
    await runAlarms(site);
    await evictShards(site);
    // The alarm asks for the next turn itself.
    await expect.poll(() => points.mock.calls.length, { timeout: 5000 }).toBe(600);
    await sendTaken(aView(site));
    await runAlarms(site);
    await runAlarms(site);
    expect(points).toHaveBeenCalledTimes(601);
    const { results } = await env.DB.prepare(
      "select distinct visitor_id, user_id, persistent_id from events where site_id = ?1 and user_id <> ''",
    )
      .bind(site.id)
      .all<Record<string, string>>();
    const sent = JSON.stringify(points.mock.calls);
    expect(results.length).toBeGreaterThan(0);
    for (const id of results.flatMap((row) => Object.values(row))) {
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(sent).not.toContain(id);
    }
    for (const [point] of points.mock.calls) {
      expect(point?.indexes).toEqual([site.id]);
      expect(point?.blobs?.length).toBeLessThanOrEqual(20);
      expect(point?.doubles?.length).toBeLessThanOrEqual(20);
    }
    points.mockRestore();
  });
});

it("a turn writes at most 250 points and goes on where the last one ended", async () => {
  const site = await createSite();
  const batch = Array.from({ length: 400 }, () => aView(site));
  await runInDurableObject(shardOfSite(site), (_, { storage }) => storage.deleteAlarm());
  await sendTaken(batch);
  await sendTaken(batch.slice(0, 30));
  await runInDurableObject(shardOfSite(site), (_, { storage }) => {
    const writeDataPoint = vi.fn();
    const turn = () => {
      const more = writePoints(storage.sql, { writeDataPoint }, site.id);
      return [more, writeDataPoint.mock.calls.length];
    };
    expect([turn(), turn(), turn()]).toEqual([
      [true, 250],
      [false, 430],
      [false, 430],
    ]);
  });
});

describe("a site with a jurisdiction", () => {
  it.each(["eu", "us"] as const)("%s works on one machine, which is one place", async (jurisdiction) => {
    const site = await createSite({ jurisdiction });
    expect((await send(aView(site))).body).toMatchObject({ accepted: 1 });
    await runAlarms(site);
    expect(await countRaw(site)).toBe(1);
  });

  it("has its objects made there, and no other fault is taken for one machine", async () => {
    const { siteShard, liveSite } = await import("../../workers/store/objects.ts");
    const site = { ...(await createSite()), jurisdiction: "eu" } as const;
    const inEu = env.SITE_SHARD;
    const restrict = vi.fn(() => inEu);
    const namespace = { ...env, SITE_SHARD: { jurisdiction: restrict } as unknown as typeof inEu };
    siteShard(namespace, site, 0);
    expect(restrict).toHaveBeenCalledWith("eu");
    const broken = {
      jurisdiction() {
        throw new Error("no such jurisdiction");
      },
    };
    const faulty = { ...env, LIVE_SITE: broken as unknown as typeof env.LIVE_SITE };
    expect(() => liveSite(faulty, site)).toThrow("no such jurisdiction");
  });
});
