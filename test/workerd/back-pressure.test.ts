// A site over its limit, and a D1 that is away: what is refused is said to be, and what was acknowledged is counted.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { appendLog } from "../../durable-objects/site-shard/log.ts";
import { collect } from "../../workers/api/collect.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { packEvent } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { anEvent } from "../support/events.ts";
import {
  aView,
  CHROME,
  call,
  countRaw,
  crashShards,
  createSite,
  evictShards,
  from,
  ORIGIN,
  ok,
  passHours,
  runAlarms,
  send,
  sendTaken,
  shardOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

interface Status {
  drops: Record<string, number>;
}

const limitedOf = async (site: Site): Promise<number> => {
  await ok("POST", `/api/v1/sites/${site.id}/flush`);
  const { drops } = await ok<Status>("GET", `/api/v1/sites/${site.id}/status`);
  return drops.limited ?? 0;
};

describe("a site over its limit", () => {
  it("is answered 429 with Retry-After, keeps what was taken, and what was refused is counted", async () => {
    const site = await createSite({ eventsPerSecond: 1 });
    const answers = [];
    for (let n = 0; n < 8; n++) answers.push(await send(aView(site, { id: `e-${n}` })));
    const taken = answers.filter(({ status }) => status === 202).length;
    const refused = answers.filter(({ status }) => status === 429);
    expect([taken + refused.length, taken > 0, refused.length > 0]).toEqual([8, true, true]);
    for (const { headers, body } of refused) {
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(body.code).toBe("too_many_requests");
    }
    expect((await shardOfSite(site).stats()).events).toBe(taken);

    await ok("PATCH", `/api/v1/sites/${site.id}`, { eventsPerSecond: null });
    await sendTaken(Array.from({ length: 8 }, (_, n) => aView(site, { id: `e-${n}` })));
    expect((await shardOfSite(site).stats()).events).toBe(8);
    expect(await limitedOf(site)).toBe(refused.length);
  });

  it("is told for each event of a batch that it may be sent again", async () => {
    const site = await createSite({ eventsPerSecond: 1 });
    const list = Array.from({ length: 40 }, (_, n) => aView(site, { id: `b-${n}` }));
    expect(await sendTaken(list)).toMatchObject({ accepted: 40 });
    const answer = await send(list);
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([202, true]);
    expect(answer.body).toMatchObject({ retry: 40, reasons: { limited: 40 } });
    expect(answer.body.events[3]).toEqual({ index: 3, status: "retry", reason: "limited" });
  });

  it("leaves other sites alone", async () => {
    const [loud, quiet] = [await createSite({ eventsPerSecond: 1 }), await createSite()];
    for (let n = 0; n < 20; n++) await send(aView(loud));
    expect((await sendTaken(Array.from({ length: 20 }, () => aView(quiet)))).accepted).toBe(20);
  });

  it("must be limited to a whole number", async () => {
    const site = await createSite();
    const answer = await call("PATCH", `/api/v1/sites/${site.id}`, { body: { eventsPerSecond: 0 } });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("eventsPerSecond");
  });
});

/** Rows as commits of 500 write them. */
async function fillLog(site: Site, events: number): Promise<void> {
  const receivedAt = Date.now();
  await runInDurableObject(shardOfSite(site), (_, { storage }) => {
    for (let row = 0; row * 500 < events; row++) {
      const entries = Array.from({ length: 500 }, (_, i) => {
        const n = row * 500 + i;
        const visitorId = (n % 9_000).toString(16).padStart(16, "0");
        const event = anEvent({ id: `full-${n}`, at: receivedAt, receivedAt, visitorId, path: `/${n % 50}` });
        return { importId: "", at: receivedAt, receivedAt, packed: JSON.stringify(packEvent(event)) };
      });
      appendLog(storage, entries);
    }
  });
}

function takeD1Away(): void {
  vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is away"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
}

describe("while D1 is away", () => {
  it("events are taken, and a log that grew too long is sealed all the same; what D1 will lack is said", async () => {
    const site = await createSite();
    await sendTaken(aView(site, { id: "first" }));
    await fillLog(site, 150_000);
    await evictShards(site);
    takeD1Away();
    // Reading so long a log may take longer than collect waits for a shard that is asked first by a beacon.
    expect(await shardOfSite(site).stats()).toMatchObject({ logRows: 301 });
    await sendTaken(aView(site, { id: "second" }), from("other"));
    await runAlarms(site);

    const sealed = await shardOfSite(site).stats();
    expect(sealed).toMatchObject({ events: 150_002, logRows: 0, unflushed: 0, leftOut: { events: 150_002 } });
    await crashShards(site);
    const repeats = ["first", "second", "full-7", "full-149999"].map((id) => aView(site, { id }));
    expect(await sendTaken(repeats)).toMatchObject({ duplicate: 4 });

    vi.restoreAllMocks();
    await sendTaken(aView(site, { id: "third" }));
    await passHours(site);
    expect(await shardOfSite(site).stats()).toMatchObject({ events: 150_003, leftOut: { events: 150_002 } });
    expect(await countRaw(site)).toBe(1);
  }, 60_000);

  it("a short log waits, and D1 has everything when it is back", async () => {
    const site = await createSite();
    takeD1Away();
    for (let n = 0; n < 5; n++) {
      await sendTaken([aView(site, { id: `${n}-a` }), aView(site, { id: `${n}-b` })]);
      await runAlarms(site);
    }
    expect(await shardOfSite(site).stats()).toMatchObject({ events: 10, unflushed: 10, leftOut: null });
    vi.restoreAllMocks();
    await runAlarms(site);
    expect(await countRaw(site)).toBe(10);
  });
});

describe("a full log", () => {
  it("is answered 503 with Retry-After until it is sealed, and nothing that was acknowledged is lost", async () => {
    const site = await createSite();
    await fillLog(site, 500_000);
    await evictShards(site);
    const answer = await send(aView(site, { id: "late" }));
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
    expect((await sendTakenOrNot(site)).body).toMatchObject({ accepted: 0, retry: 2 });
    await runAlarms(site);
    expect((await sendTaken(aView(site, { id: "late" }))).accepted).toBe(1);
    expect((await shardOfSite(site).stats()).events).toBe(500_001);
  }, 120_000);
});

const sendTakenOrNot = (site: Site) => send([aView(site, { id: "l-1" }), aView(site, { id: "l-2" })]);

describe("the shield of collect", () => {
  it("refuses an address that sends too much to a site, and nobody else", async () => {
    const [site, other] = [await createSite(), await createSite()];
    const sendTo = (to: Site, address: string, shield: RateLimit | undefined = env.LOW_SHIELD) => {
      const headers = { "cf-connecting-ip": address, "content-type": "application/json", "user-agent": CHROME };
      const request = new Request(`${ORIGIN}/api/event`, { method: "POST", headers, body: JSON.stringify(aView(to)) });
      const { COLLECT_SHIELD: _, ...bindings } = env;
      return collect(request, shield ? { ...bindings, COLLECT_SHIELD: shield } : bindings);
    };
    for (let sent = 0; sent < 3; sent++) expect((await sendTo(site, "203.0.113.9")).status).toBe(202);
    const refused = await sendTo(site, "203.0.113.9");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
    expect((await refused.json<Problem>()).detail).toContain("from one address");
    expect((await sendTo(site, "203.0.113.10")).status).toBe(202);
    expect((await sendTo(other, "203.0.113.9")).status).toBe(202);
    // Those whose address is not known cannot be told apart.
    for (let sent = 0; sent < 5; sent++) expect((await sendTo(other, "")).status).toBe(202);
    const broken: RateLimit = { limit: () => Promise.reject(new Error("out of order")) };
    expect((await sendTo(site, "203.0.113.9", broken)).status).toBe(202);
  });

  it("is not there where it is not bound", async () => {
    const site = await createSite();
    const { COLLECT_SHIELD: shield, ...bindings } = env;
    expect(shield).toBeDefined();
    for (let sent = 0; sent < 5; sent++) {
      const request = new Request(`${ORIGIN}/api/event`, { method: "POST", body: JSON.stringify(aView(site)) });
      request.headers.set("user-agent", CHROME);
      expect((await collect(request, bindings)).status).toBe(202);
    }
  });
});

describe("a shard that hangs", () => {
  it("costs the sender its deadline and an answer to come back; what it sends again counts once", async () => {
    const site = await createSite();
    await sendTaken(aView(site, { id: "before" }));
    let release = () => {};
    const isFree = new Promise<void>((resolve) => {
      release = resolve;
    });
    const blocked = runInDurableObject(shardOfSite(site), (_, state) => state.blockConcurrencyWhile(() => isFree));
    const body = JSON.stringify(aView(site, { id: "hung" }));
    const headers = { "user-agent": CHROME, origin: "https://shop.example" };
    const answer = await collect(new Request(`${ORIGIN}/api/event`, { method: "POST", headers, body }), env, 50);
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect((await answer.json<Problem>()).detail).toContain("same id");
    release();
    await blocked;
    const again = await sendTaken(aView(site, { id: "hung", retry: true }));
    expect(again.accepted + again.duplicate).toBe(1);
    expect((await shardOfSite(site).stats()).events).toBe(2);
  });
});
