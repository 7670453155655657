import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { MEASURES, type Measure } from "../../workers/catalog/measure.ts";
import type { CollectReply } from "../../workers/domain/beacon.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { everythingStored } from "./everything-stored.ts";
import {
  type Answer,
  aView,
  CHROME,
  call,
  countRaw,
  createSite,
  DAY_MS,
  evictShards,
  HOUR_MS,
  ok,
  passHours,
  rows,
  sendTaken,
  shardOfSite,
  shardsOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const LONG_AGO = Date.UTC(2015, 4, 17, 22);
const BOT = "Googlebot/2.1 (+http://www.google.com/bot.html)";

/** Three visitors over eighteen hours, ten page views each, all in visits of their own. */
const lines = (fields: Record<string, unknown> = {}) =>
  Array.from({ length: 30 }, (_, line) => ({
    line,
    at: LONG_AGO + (line % 10) * 2 * HOUR_MS,
    name: "pageview",
    url: `https://example.com/p${line % 4}`,
    visitor: `203.0.113.${line % 3}`,
    ...fields,
  }));

interface Options {
  id?: string;
  visitors?: "given" | "daily";
  bots?: "keep" | "drop";
  token?: string;
}

function post(site: Site, events: unknown[], options: Options = {}): Promise<Answer<CollectReply & Problem>> {
  const { token, ...fields } = options;
  const body = { import: { id: "history-1", label: "access.log", ...fields }, events };
  return call("POST", `/api/v1/sites/${site.id}/import`, { body, ...(token !== undefined && { token }) });
}

const progress = (site: Site, id = "history-1") => ok("GET", `/api/v1/sites/${site.id}/import/${id}`);
const finish = (site: Site) => call("POST", `/api/v1/sites/${site.id}/import/history-1/finish`);
const undo = (site: Site) => call<{ removed: number }>("DELETE", `/api/v1/sites/${site.id}/import/history-1`);

const VIEWS = { metrics: ["visitors", "visits", "pageviews"] };

describe("an import", () => {
  it("takes each line once, whether repeated at once, after a restart or after sealing", async () => {
    const site = await createSite({ shards: 2 });
    expect((await post(site, lines())).body).toMatchObject({ accepted: 30, duplicate: 0 });
    expect((await post(site, lines())).body).toMatchObject({ accepted: 0, duplicate: 30 });
    await evictShards(site);
    expect((await post(site, lines())).body).toMatchObject({ duplicate: 30 });
    await passHours(site);
    await evictShards(site);
    expect((await post(site, [...lines(), { ...lines()[0], line: 30 }])).body).toMatchObject({
      accepted: 1,
      duplicate: 30,
    });
    expect(await rows(site, VIEWS)).toEqual([[3, 30, 31]]);
    expect(await progress(site)).toMatchObject({ state: "open", events: 31, label: "access.log" });
  });

  it("takes lines out of order and in parallel, each once", async () => {
    const site = await createSite({ shards: 3 });
    const all = lines().reverse();
    const parts = [all.slice(0, 12), all.slice(8, 20), all.slice(15), all.slice(0, 30)];
    const replies = await Promise.all(parts.map((part) => post(site, part)));
    expect(replies.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(30);
    expect(await rows(site, VIEWS)).toEqual([[3, 30, 30]]);
  });

  it("keeps good lines and says of bad ones what is wrong where", async () => {
    const site = await createSite();
    const { body } = await post(site, [
      ...lines().slice(0, 2),
      { ...lines()[2], at: "whenever" },
      { ...lines()[3], visitor: undefined },
      { ...lines()[4], line: -1 },
      { ...lines()[5], at: 0 },
      null,
      { ...lines()[6], at: Date.now() + 365 * 24 * 3600_000 },
    ]);
    const reasons = { too_old: 1, in_future: 1, invalid: 4 };
    expect(body).toMatchObject({ accepted: 2, invalid: 4, dropped: 2, reasons });
    const paths = body.events.flatMap((receipt) => receipt.errors?.map((error) => error.path) ?? []);
    expect(paths).toEqual(expect.arrayContaining(["events.2.at", "events.3.visitor", "events.4.line"]));
  });

  it("takes no more lines when finished, and can still be undone", async () => {
    const site = await createSite();
    await post(site, lines().slice(0, 10));
    expect((await finish(site)).body).toMatchObject({ state: "finished", events: 10 });
    expect((await finish(site)).status).toBe(200);
    expect(await post(site, lines())).toMatchObject({ status: 409, body: { code: "conflict" } });
    await evictShards(site);
    await passHours(site);
    expect((await undo(site)).body).toEqual({ removed: 10 });
    expect(await rows(site, VIEWS)).toEqual([[0, 0, 0]]);
    expect(await finish(site)).toMatchObject({ status: 409, body: { code: "conflict" } });
  });

  it("does not keep what it no longer needs of a finished one, over a restart and sealing", async () => {
    const site = await createSite();
    await post(site, lines());
    await finish(site);
    await evictShards(site);
    await passHours(site);
    expect(await everythingStored(site)).not.toContain('["ranges"');
  });

  it("refuses lines that were on their way when it ended", async () => {
    const site = await createSite();
    await post(site, lines().slice(0, 3));
    const { createdAt } = (await progress(site)) as { createdAt: number };
    await undo(site);
    const { id: siteId, shards, timeZone, jurisdiction } = site;
    const of = { siteId, shard: 0, shards, epoch: 1, timeZone, jurisdiction };
    const straggler = { of, importId: "history-1", importBegan: createdAt, items: [{ packed: "[]" }] };
    expect(await shardOfSite(site).append(straggler)).toEqual(["ended"]);
    await evictShards(site);
    expect(await shardOfSite(site).append(straggler)).toEqual(["ended"]);
  });

  it("is one with its options: what began in one way does not go on in another", async () => {
    const site = await createSite();
    await post(site, lines().slice(0, 3));
    expect(await post(site, lines(), { visitors: "daily" })).toMatchObject({ status: 409 });
    expect(await post(site, lines(), { bots: "keep" })).toMatchObject({ status: 409 });
    expect(await post(site, lines(), { id: "history-2", visitors: "daily" })).toMatchObject({ status: 200 });
  });

  it("knows a visitor over the whole file when given, and by the local day when cookieless", async () => {
    const [given, daily] = [await createSite(), await createSite({ timeZone: "America/New_York" })];
    await post(given, lines());
    await post(daily, lines(), { visitors: "daily" });
    expect(await rows(given, { metrics: ["visitors"] })).toEqual([[3]]);
    const days = new Set(lines().map(({ at }) => Math.floor((at - 4 * HOUR_MS) / DAY_MS)));
    expect(await rows(daily, { metrics: ["visitors"] })).toEqual([[3 * days.size]]);
  });

  it("drops bots or keeps them, as it was told", async () => {
    const site = await createSite();
    const mixed = lines().map((line, i) => ({ ...line, userAgent: i < 12 ? BOT : CHROME }));
    expect((await post(site, mixed)).body).toMatchObject({ accepted: 18, dropped: 12, reasons: { bot: 12 } });
    expect((await post(site, mixed, { id: "history-2", bots: "keep" })).body).toMatchObject({ accepted: 30 });
  });

  it("keeps live events and other imports when undone: in the shard, in D1 and in the roll-ups", async () => {
    const site = await createSite({ shards: 2 });
    await sendTaken(aView(site));
    await post(site, lines());
    await post(site, lines(), { id: "history-2" });
    await passHours(site);
    await post(site, [{ ...lines()[0], line: 99 }]);
    const views = () => rollup(site, "pageviews");
    const [raw, before] = [await countRaw(site), await views()];
    expect(raw).toBeGreaterThan(60);
    expect((await undo(site)).body).toEqual({ removed: 31 });
    expect(await rows(site, { metrics: ["pageviews"] })).toEqual([[31]]);
    expect(await countRaw(site, "import_id = 'history-1'")).toBe(0);
    expect(await countRaw(site)).toBe(31);
    await passHours(site);
    expect(await views()).toBe(before - 30);
    const parts = await Promise.all(shardsOfSite(site).map((shard) => shard.importProgress("history-1")));
    expect(parts.map((part) => part.events)).toEqual([0, 0]);
    expect((await undo(site)).body).toEqual({ removed: 0 });
  });

  it("can be sent again under its id after it was undone, under another secret", async () => {
    const site = await createSite();
    await post(site, lines());
    const ids = async () => new Set((await visitorIds(site)).map((row) => row.visitor_id));
    await shardOfSite(site).flush();
    const before = await ids();
    await undo(site);
    expect(await progress(site)).toMatchObject({ state: "undone", events: 0 });
    expect((await post(site, lines(), { visitors: "given" })).body).toMatchObject({ accepted: 30 });
    expect((await post(site, lines())).body).toMatchObject({ duplicate: 30 });
    await evictShards(site);
    expect((await post(site, lines())).body).toMatchObject({ duplicate: 30 });
    expect(await rows(site, VIEWS)).toEqual([[3, 30, 30]]);
    expect(await progress(site)).toMatchObject({ state: "open", events: 30 });
    await shardOfSite(site).flush();
    const after = await ids();
    expect(after.size).toBe(3);
    for (const id of after) expect(before.has(id)).toBe(false);
    expect((await undo(site)).body).toEqual({ removed: 30 });
  });

  it("leaves no secret behind: while it is open KV alone has it, and then nobody", async () => {
    const site = await createSite();
    await post(site, lines());
    const names = async () => (await env.SECRETS.list({ prefix: `import:${site.id}:` })).keys.map(({ name }) => name);
    const [name] = await names();
    const secret = (await env.SECRETS.get(name ?? "")) ?? "";
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await passHours(site);
    const stored = await everythingStored(site);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain("203.0.113.");
    await finish(site);
    expect(await names()).toEqual([]);
  });

  it("sends no point to Analytics Engine, which would date it today", async () => {
    const points = vi.spyOn(env.EVENTS!, "writeDataPoint");
    const site = await createSite();
    await post(site, lines());
    await passHours(site);
    expect(points).not.toHaveBeenCalled();
    points.mockRestore();
  });

  it("lists a site's imports, newest first", async () => {
    const site = await createSite();
    await post(site, lines().slice(0, 2));
    vi.setSystemTime(Date.now() + 5);
    await post(site, lines().slice(0, 3), { id: "history-2" });
    expect(await ok("GET", `/api/v1/sites/${site.id}/import`)).toMatchObject({
      imports: [
        { id: "history-2", events: 3 },
        { id: "history-1", events: 2 },
      ],
    });
  });
});

describe("the key of an import", () => {
  const keyFor = async (site: Site, scopes: string[]) =>
    (await ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, { label: "k", scopes })).key;

  it("opens its own site's door, and no other", async () => {
    const [site, other] = [await createSite(), await createSite()];
    const token = await keyFor(site, ["import"]);
    const base = `/api/v1/sites/${site.id}`;
    expect((await post(site, lines(), { token })).status).toBe(200);
    expect((await call("GET", `${base}/import/history-1`, { token })).status).toBe(200);
    expect((await call("POST", `${base}/import/history-1/finish`, { token })).status).toBe(200);
    expect((await call("DELETE", `${base}/import/history-1`, { token })).status).toBe(200);
    for (const [method, path] of [
      ["GET", base],
      ["POST", `${base}/keys`],
      ["POST", `${base}/flush`],
      ["GET", "/api/v1/session"],
    ] as const) {
      const answer = await call(method, path, { token, ...(method === "POST" && { body: {} }) });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect((await post(other, lines(), { token })).status).toBe(404);
    const query = { site_id: site.id, metrics: ["visitors"], date_range: "all" };
    expect((await call("POST", "/api/v2/query", { token, body: query })).status).toBe(403);
  });

  it("with the scope query asks and does not import", async () => {
    const site = await createSite();
    const token = await keyFor(site, ["query"]);
    const query = { site_id: site.id, metrics: ["visitors"], date_range: "all" };
    expect((await call("POST", "/api/v2/query", { token, body: query })).status).toBe(200);
    expect((await post(site, lines(), { token })).status).toBe(403);
    const other = await createSite();
    expect((await call("POST", "/api/v2/query", { token, body: { ...query, site_id: other.id } })).status).toBe(404);
    expect(
      (await call("POST", "/api/v2/query", { token, body: [query, { ...query, site_id: other.id }] })).status,
    ).toBe(404);
  });

  it("that is garbage, or none, opens nothing", async () => {
    const site = await createSite();
    for (const token of ["", "garbage", "ew_", `ew_${"0".repeat(48)}`]) {
      expect(await post(site, lines(), { token })).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    }
    const { status } = await call("POST", `/api/v1/sites/${site.id}/keys`, { body: { label: "x", scopes: ["admin"] } });
    expect(status).toBe(400);
  });

  it("is stored as a hash alone", async () => {
    const site = await createSite();
    const key = await keyFor(site, ["import"]);
    expect(await everythingStored(site)).not.toContain(key.slice(3));
  });
});

async function visitorIds(site: Site): Promise<{ visitor_id: string }[]> {
  const statement = env.DB.prepare("select distinct visitor_id from events where site_id = ?1");
  return (await statement.bind(site.id).all<{ visitor_id: string }>()).results;
}

/** A measure summed over all hours that are rolled up. */
async function rollup(site: Site, measure: Measure): Promise<number> {
  const { results } = await env.DB.prepare(
    "select body from rollups where site_id = ?1 and grain = 'hour' and panel = 'totals'",
  )
    .bind(site.id)
    .all<{ body: string }>();
  const index = MEASURES.indexOf(measure);
  const rows = results.flatMap(({ body }) => rolledFrom(body).rows);
  return rows.reduce((sum, { counts }) => sum + counts[index]!, 0);
}
