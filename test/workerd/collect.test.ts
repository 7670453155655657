import { describe, expect, it } from "vitest";
import { everythingStored } from "./everything-stored.ts";
import {
  aView,
  CHROME,
  call,
  countRaw,
  createSite,
  evictShards,
  from,
  rows,
  runAlarms,
  send,
  sendTaken,
} from "./worker.ts";

const TAKEN = { accepted: 1, duplicate: 0, dropped: 0, invalid: 0, retry: 0 };

describe("the public door", () => {
  it("takes one event and answers when it is stored", async () => {
    const site = await createSite();
    const { status, body } = await send(aView(site));
    expect(status).toBe(202);
    expect(body).toMatchObject({ ...TAKEN, events: [] });
    await evictShards(site);
    expect(await rows(site, { metrics: ["visitors", "pageviews"] })).toEqual([[1, 1]]);
  });

  it("takes a list, and a list under one site", async () => {
    const site = await createSite();
    expect(await sendTaken([aView(site), aView(site)])).toMatchObject({ accepted: 2 });
    const events = [{ name: "signup", url: "https://example.com/" }, aView(site)];
    expect(await sendTaken({ site: site.id, events })).toMatchObject({ accepted: 2 });
    expect(await rows(site, { metrics: ["events", "pageviews"] })).toEqual([[4, 3]]);
  });

  it("takes Plausible's payload, for several sites at once", async () => {
    const [one, two] = [await createSite(), await createSite()];
    const body = { d: `${one.id},${two.id}`, n: "pageview", u: "https://example.com/a?utm_source=news", r: null };
    expect(await sendTaken(body, { "content-type": "text/plain" })).toMatchObject({ accepted: 2 });
    for (const site of [one, two]) {
      expect(await rows(site, { dimensions: ["visit:source"] })).toEqual([["news", 1]]);
    }
  });

  it("takes a list of nothing", async () => {
    expect((await send([])).body).toMatchObject({ accepted: 0, events: [] });
  });

  it("keeps the good events of a batch and says of each bad one what is wrong where", async () => {
    const site = await createSite();
    const { status, body } = await send([
      aView(site),
      aView(site, { url: 7 }),
      aView(site, { name: "" }),
      "no event",
      aView(site, { site: "no-such-site" }),
      aView(site, { at: Date.now() - 100 * 3600_000 }),
      aView(site, { id: "twice" }),
      aView(site, { id: "twice" }),
      aView(site, { props: { deep: JSON.parse(`${"[".repeat(20)}${"]".repeat(20)}`) } }),
    ]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicate: 1, dropped: 1, invalid: 5, retry: 0 });
    expect(body.reasons).toEqual({ invalid: 5, too_old: 1 });
    const receipts = new Map(body.events.map((receipt) => [receipt.index, receipt]));
    expect([...receipts.keys()]).toEqual([1, 2, 3, 4, 5, 7, 8]);
    const pathOf = (index: number) => receipts.get(index)?.errors?.[0]?.path;
    expect([1, 2, 4].map(pathOf)).toEqual(["events.1.url", "events.2.name", "events.4.site"]);
    expect(pathOf(8)).toMatch(/^events\.8\.props\.deep\.0/);
    expect(receipts.get(5)).toEqual({ index: 5, status: "dropped", reason: "too_old" });
    expect(receipts.get(7)).toEqual({ index: 7, status: "duplicate" });
  });

  it("answers pages of any origin, with their credentials, and lets them ask first", async () => {
    const site = await createSite();
    const shop = { origin: "https://shop.example" };
    for (const { headers } of [await send(aView(site), shop), await send("not json", shop)]) {
      expect(headers.get("access-control-allow-origin")).toBe("https://shop.example");
      expect(headers.get("access-control-allow-credentials")).toBe("true");
      expect(headers.get("vary")).toBe("origin");
    }
    expect((await send(aView(site))).headers.get("access-control-allow-origin")).toBe("*");
    const { status, headers } = await call("OPTIONS", "/api/event", { token: "", headers: shop });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(headers.get("access-control-allow-methods")).toContain("POST");
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
  });
});

describe("counting once", () => {
  it("counts an id once, over requests and over a restart of the shard", async () => {
    const site = await createSite();
    const ids = ["short", "a-long-random-sender-part-1", "aLongRandomSenderPart01-17", "aLongRandomSenderPart01-18"];
    const batch = ids.map((id) => aView(site, { id }));
    expect(await sendTaken(batch)).toMatchObject({ accepted: 4 });
    expect(await sendTaken(batch)).toMatchObject({ accepted: 0, duplicate: 4 });
    await evictShards(site);
    expect(await sendTaken(batch)).toMatchObject({ accepted: 0, duplicate: 4 });
    expect(await rows(site, { metrics: ["pageviews"] })).toEqual([[4]]);
  });

  it("does not take two ids for one because their counters are the same number", async () => {
    const site = await createSite();
    const batch = ["1", "01", "001"].map((n) => aView(site, { id: `aLongRandomSenderPart01-${n}` }));
    expect(await sendTaken(batch)).toMatchObject({ accepted: 3 });
  });

  it("counts the same id on two sites twice", async () => {
    const [one, two] = [await createSite(), await createSite()];
    expect(await sendTaken([aView(one, { id: "x" }), aView(two, { id: "x" })])).toMatchObject({ accepted: 2 });
  });

  it("finds a flagged retry in another shard when the sender's address has changed, over a restart too", async () => {
    const site = await createSite({ shards: 4 });
    const senders = Array.from({ length: 12 }, (_, i) => i);
    for (const i of senders) await sendTaken(aView(site, { id: `event-${i}` }), from(i));
    await evictShards(site);
    for (const i of senders) {
      const again = await sendTaken(aView(site, { id: `event-${i}`, retry: true }), from(`moved-${i}`));
      expect(again).toMatchObject({ accepted: 0, duplicate: 1 });
    }
    expect(await rows(site, { metrics: ["visitors", "pageviews"] })).toEqual([[12, 12]]);
  });

  it("takes a flagged event that nobody has seen", async () => {
    const site = await createSite({ shards: 3 });
    expect(await sendTaken(aView(site, { id: "first", retry: true }))).toMatchObject({ accepted: 1 });
  });

  it("adds the shards up exactly", async () => {
    const [one, many] = [await createSite(), await createSite({ shards: 5 })];
    for (const site of [one, many]) {
      for (let i = 0; i < 30; i++) {
        const url = `https://example.com/page-${i % 4}`;
        await sendTaken([aView(site, { url }), { ...aView(site), name: `goal-${i % 3}` }], from(i % 11));
      }
    }
    const questions = [
      { metrics: ["visitors", "visits", "pageviews", "events", "bounce_rate", "views_per_visit"] },
      { metrics: ["visitors", "pageviews"], dimensions: ["event:page"] },
      { metrics: ["visitors", "events"], dimensions: ["event:name"] },
      { metrics: ["visits"], dimensions: ["visit:exit_page", "visit:browser"] },
    ];
    for (const question of questions) expect(await rows(many, question)).toEqual(await rows(one, question));
    const held = await Promise.all([0, 1, 2, 3, 4].map(async (i) => (await statsOf(many.id, i)).events));
    expect(held.filter((events) => events > 0).length).toBeGreaterThan(1);
    expect(held.reduce((sum, events) => sum + events, 0)).toBe(60);
  });

  async function statsOf(id: string, shard: number): Promise<{ events: number }> {
    const { body } = await call<{ shards: { events: number }[] }>("GET", `/api/v1/sites/${id}/status`);
    return body.shards[shard]!;
  }
});

describe("what is not stored", () => {
  it("honours DNT and GPC unless the site says otherwise, and counts the refusals", async () => {
    const [site, other] = [await createSite(), await createSite({ honourDoNotTrack: false })];
    for (const signal of [{ dnt: "1" }, { "sec-gpc": "1" }]) {
      expect(await sendTaken(aView(site), signal)).toMatchObject({ dropped: 1, reasons: { do_not_track: 1 } });
      expect(await sendTaken(aView(other), signal)).toMatchObject({ accepted: 1 });
    }
    await runAlarms(site);
    expect(await dropsOf(site.id)).toEqual({ do_not_track: 2 });
    expect(await countRaw(site)).toBe(0);
  });

  it("drops known bots, foreign hosts and those who refused, each counted by its reason", async () => {
    const site = await createSite({ hostnames: ["example.com", "*.example.org"] });
    const bot = { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" };
    expect(await sendTaken(aView(site), bot)).toMatchObject({ reasons: { bot: 1 } });
    expect(await sendTaken(aView(site, { url: "https://evil.test/" }))).toMatchObject({ reasons: { hostname: 1 } });
    const refused = aView(site, { consent: { analytics: false } });
    expect(await sendTaken([refused, refused])).toMatchObject({ dropped: 2, reasons: { no_consent: 2 } });
    expect(await sendTaken(aView(site, { url: "https://a.example.org/" }))).toMatchObject({ accepted: 1 });
    await runAlarms(site);
    expect(await dropsOf(site.id)).toEqual({ bot: 1, hostname: 1, no_consent: 2 });
    await send(aView(site), bot);
    await evictShards(site);
    await send(aView(site), bot);
    await runAlarms(site);
    // What was gathered in memory alone may be lost by a crash; what was written is never lost or added twice.
    expect([2, 3]).toContain((await dropsOf(site.id)).bot);
  });

  async function dropsOf(id: string): Promise<Record<string, number>> {
    return (await call<{ drops: Record<string, number> }>("GET", `/api/v1/sites/${id}/status`)).body.drops;
  }

  it("never keeps the address or the user agent", async () => {
    const site = await createSite();
    const address = "198.51.100.77";
    const agent = `${CHROME} Mark-8c1f77`;
    await sendTaken(aView(site, { id: "kept" }), { "cf-connecting-ip": address, "user-agent": agent });
    await runAlarms(site);
    const everything = await everythingStored(site);
    expect(everything).toContain("kept");
    expect(everything).not.toContain(address);
    expect(everything).not.toContain("Mark-8c1f77");
  });
});
