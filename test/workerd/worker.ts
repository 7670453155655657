// The Worker under test, called as the network would, and the objects behind it. Every test makes its own site.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { SiteShard } from "../../durable-objects/site-shard/object.ts";
import type { CollectReply } from "../../workers/domain/beacon.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { amountOf } from "../../workers/domain/money.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import type { NewSite, Site } from "../../workers/domain/site.ts";
import { siteShard } from "../../workers/store/objects.ts";

export const ORIGIN = "https://edge.test";
export const ADMIN_TOKEN = "test-admin-token";
export const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
export const HOUR_MS = 3600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface CallOptions {
  /** Strings, bytes and streams as they stand, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Default: the owner's; "" sends none. */
  token?: string;
}

function bodyOf(body: unknown): BodyInit {
  if (typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream) return body;
  return JSON.stringify(body);
}

export function fetchRaw(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { body, headers = {}, token = ADMIN_TOKEN } = options;
  const init: RequestInit = { method, headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } };
  if (body !== undefined) init.body = bodyOf(body);
  return exports.default.fetch(ORIGIN + path, init);
}

export async function call<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>> {
  const response = await fetchRaw(method, path, options);
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
}

/** The body of an answer that must be 2xx. */
export async function ok<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await call<Body>(method, path, { body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

let made = 0;

export function createSite(fields: Partial<NewSite> = {}): Promise<Site> {
  const id = `site-${++made}-${crypto.randomUUID().slice(0, 8)}`;
  return ok<Site>("POST", "/api/v1/sites", { id, ...fields });
}

/** A visitor is an address; the same one is the same visitor. */
export function send(body: unknown, headers: Record<string, string> = {}): Promise<Answer<CollectReply & Problem>> {
  return call("POST", "/api/event", {
    body,
    token: "",
    headers: { "user-agent": CHROME, "cf-connecting-ip": "203.0.113.1", ...headers },
  });
}

export const from = (visitor: string | number): Record<string, string> => ({
  "cf-connecting-ip": `visitor-${visitor}`,
});

export function aView(site: Site, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { site: site.id, name: "pageview", url: "https://example.com/", ...fields };
}

/** The body of an accepted request. */
export async function sendTaken(body: unknown, headers?: Record<string, string>): Promise<CollectReply> {
  const answer = await send(body, headers);
  if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function ask(site: Site, query: Partial<QueryInput> = {}): Promise<QueryResult> {
  return ok("POST", "/api/v2/query", { site_id: site.id, metrics: ["visitors"], date_range: "all", ...query });
}

/** Rows as plain lists: dimensions, then metrics. */
export async function rows(site: Site, query: Partial<QueryInput> = {}): Promise<(string | number | null)[][]> {
  const { results } = await ask(site, query);
  return results.map(({ dimensions, metrics }) => [...dimensions, ...metrics.map(amountOf)]);
}

export const shardOfSite = (site: Site, shard = 0): DurableObjectStub<SiteShard> => siteShard(env, site, shard);
export const shardsOfSite = (site: Site): DurableObjectStub<SiteShard>[] =>
  Array.from({ length: site.shards }, (_, shard) => shardOfSite(site, shard));

/** The shards of an epoch, whether or not the site is there yet. */
export const shardsOfEpoch = (site: Site, epoch: number, shards: number): DurableObjectStub<SiteShard>[] =>
  Array.from({ length: shards }, (_, shard) => siteShard(env, { ...site, epoch }, shard));

/** Lets every shard of the site do its work that is due, as its alarm would. */
export async function runAlarms(site: Site): Promise<void> {
  for (const shard of shardsOfSite(site)) await runDurableObjectAlarm(shard);
}

/** Ends every shard of the site; the next call wakes it from its storage. */
export async function evictShards(site: Site): Promise<void> {
  for (const shard of shardsOfSite(site)) {
    // Only what is awake can be ended.
    await shard.stats();
    await evictDurableObject(shard);
  }
}

/** As a fault would: without waiting for what the shards are doing. */
export async function crashShards(site: Site): Promise<void> {
  for (const shard of shardsOfSite(site)) {
    await runInDurableObject(shard, (_, state) => state.abort("crash")).catch(() => undefined);
  }
}

/** Rows of a query to the storage of one shard. */
export function readShard<Row extends Record<string, SqlStorageValue>>(
  site: Site,
  sql: string,
  shard = 0,
): Promise<Row[]> {
  return runInDurableObject(shardOfSite(site, shard), (_, state) => state.storage.sql.exec<Row>(sql).toArray());
}

/** Lets time pass for what asks for it; timers keep running. */
export function setClock(time: number): void {
  vi.setSystemTime(time);
}

/** Everything is moved on by two hours and what is due then is done: closed hours roll up, the log is sealed. */
export async function passHours(site: Site, hours = 2): Promise<void> {
  setClock(Date.now() + hours * HOUR_MS);
  // The copy to D1 and the points come first, and a batch of points a turn.
  for (let turn = 0; turn < 3; turn++) await runAlarms(site);
}

export async function countRaw(site: Site, where = "1 = 1"): Promise<number> {
  const row = await env.DB.prepare(`select count(*) as n from events where site_id = ?1 and ${where}`)
    .bind(site.id)
    .first<{ n: number }>();
  return row?.n ?? 0;
}
