// Many people at one board while events come in: how long a whole board takes each of them, and what that costs the beacons.

import type { Problem } from "../../workers/domain/errors.ts";
import type { BenchServer } from "../bench-server.ts";
import { type PacedLoad, quantile, startPacedLoad } from "../paced-load.ts";
import type { SharedBoard } from "./board.ts";

export interface ViewersOptions {
  viewers: number;
  /** Each looks again so often, at a moment of their own. */
  refreshMs: number;
  perSecond: number;
  warmUpMs: number;
  measureMs: number;
}

export interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

export interface ViewersResult {
  viewers: number;
  refreshMs: number;
  perSecond: number;
  /** Milliseconds of a whole board: when all open it in the same moment, and refreshed by each in their own time. */
  together: Spread;
  refreshed: Spread;
  /** Milliseconds of a beacon from due to durable: before and after, and while the board is refreshed. */
  beacons: { alone: Spread; beside: Spread };
  /** Beacons answered a second. */
  rate: { alone: number; beside: number };
}

const CONNECTIONS = 64;
const COOKIE = /^[^;]+/;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const spreadOf = (times: readonly number[]): Spread => {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => quantile(sorted, share);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** Someone who has opened the link, from an address of their own. */
type Viewer = Record<string, string>;

async function openLink({ server }: BenchServer, share: string, index: number): Promise<Viewer> {
  const address = { "x-forwarded-for": `10.9.${index >> 8}.${index & 255}`, "content-type": "application/json" };
  const reply = await fetch(`${server.url}/api/v1/shares/${share}`, { method: "POST", body: "{}", headers: address });
  const [cookie] = COOKIE.exec(reply.headers.get("set-cookie") ?? "") ?? [];
  if (!reply.ok || cookie === undefined) throw new Error(`the board's link was answered ${reply.status}`);
  return { ...address, cookie, accept: "application/x-ndjson" };
}

/** The last line of what is answered line by line. */
type Last = { result: { error?: Problem }[] | { error?: Problem } } | { error: Problem };

async function askPart({ server }: BenchServer, viewer: Viewer, body: string): Promise<void> {
  const reply = await fetch(`${server.url}/api/v2/query`, { method: "POST", body, headers: viewer });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`a board was answered ${reply.status}: ${text}`);
  const last = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "") as Last; // the API's own
  const answers = "result" in last ? [last.result].flat() : [last];
  const refused = answers.find(({ error }) => error !== undefined);
  if (refused) throw new Error(`a board was refused: ${JSON.stringify(refused)}`);
}

/** Milliseconds until all of it is there. */
async function lookAt(bench: BenchServer, { posts }: SharedBoard, viewer: Viewer): Promise<number> {
  const start = performance.now();
  await Promise.all(posts.map((body) => askPart(bench, viewer, body)));
  return performance.now() - start;
}

/** Each in their own time, the first ones spread over one turn; who is not done by then looks again at once. */
async function keepLooking(look: (viewer: Viewer) => Promise<number>, viewers: Viewer[], options: ViewersOptions) {
  const { refreshMs, measureMs } = options;
  const begun = performance.now();
  const times: number[] = [];
  const one = async (viewer: Viewer, index: number) => {
    for (let due = begun + (index / viewers.length) * refreshMs; due < begun + measureMs; due += refreshMs) {
      await pause(Math.max(0, due - performance.now()));
      times.push(await look(viewer));
    }
  };
  await Promise.all(viewers.map(one));
  return times;
}

/** Runs it and tells of the beacons answered meanwhile. */
async function during<Result>(load: PacedLoad, run: () => Promise<Result>) {
  const from = performance.now();
  const result = await run();
  const to = performance.now();
  const latencies = load.latencies(from, to);
  return { result, latencies, seconds: (to - from) / 1000 };
}

const rateOf = (parts: readonly { latencies: readonly number[]; seconds: number }[]): number =>
  parts.reduce((sum, { latencies }) => sum + latencies.length, 0) /
  parts.reduce((sum, { seconds }) => sum + seconds, 0);

export async function measureViewers(
  bench: BenchServer,
  { site, board }: { site: string; board: SharedBoard },
  options: ViewersOptions,
): Promise<ViewersResult> {
  const { viewers: count, refreshMs, perSecond, warmUpMs, measureMs } = options;
  const viewers: Viewer[] = [];
  for (let i = 0; i < count; i++) viewers.push(await openLink(bench, board.share, i));
  const look = (viewer: Viewer) => lookAt(bench, board, viewer);
  await bench.server.restart();
  const load = startPacedLoad({ port: bench.port, site, perSecond, connections: CONNECTIONS });
  await pause(warmUpMs);
  const before = await during(load, () => pause(measureMs / 2));
  const together = await Promise.all(viewers.map(look));
  await load.drained(warmUpMs);
  const beside = await during(load, () => keepLooking(look, viewers, options));
  await load.drained(warmUpMs);
  const after = await during(load, () => pause(measureMs / 2));
  await load.stop("drop");
  return {
    viewers: count,
    refreshMs,
    perSecond,
    together: spreadOf(together),
    refreshed: spreadOf(beside.result),
    beacons: { alone: spreadOf([...before.latencies, ...after.latencies]), beside: spreadOf(beside.latencies) },
    rate: { alone: rateOf([before, after]), beside: rateOf([beside]) },
  };
}
