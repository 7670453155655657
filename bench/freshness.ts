// From beacon to socket: how long it takes until an event is in the figures that open Live pages have. Told by counting:
// the n-th beacon sent is on a page when that page's count of events has reached n.

import type { LiveMessage, LiveMinute } from "../workers/domain/live.ts";
import type { BenchServer } from "./bench-server.ts";
import { quantile, startPacedLoad } from "./paced-load.ts";

export interface FreshnessOptions {
  sockets: number;
  perSecond: number;
  warmUpMs: number;
  measureMs: number;
}

export interface Freshness {
  sockets: number;
  perSecond: number;
  /** Beacons measured, on each socket. */
  beacons: number;
  /** Milliseconds from the moment a beacon was due until a socket's count includes it; over all beacons and sockets. */
  p50: number;
  p95: number;
  p99: number;
}

const SITE = "freshness";
const CONNECTIONS = 64;
const PATIENCE_MS = 15_000;
const TICK_MS = 20;

interface Page {
  socket: WebSocket;
  minutes: Map<number, number>;
  /** Counts of events and when they were reached, both rising. */
  counts: { events: number; at: number }[];
}

function onMessage(page: Page, text: string): void {
  const message = JSON.parse(text) as LiveMessage; // the product's own
  if (message.type === "snapshot") page.minutes.clear();
  const minutes: LiveMinute[] = (message.type === "snapshot" ? message.state.minutes : message.changes.minutes) ?? [];
  for (const { start, events } of minutes) page.minutes.set(start, events);
  const events = [...page.minutes.values()].reduce((sum, one) => sum + one, 0);
  if (events > (page.counts.at(-1)?.events ?? 0)) page.counts.push({ events, at: performance.now() });
}

/** Node's own client knows no headers in its types, but takes them. */
type WithHeaders = new (url: string, options: { headers: Record<string, string> }) => WebSocket;

/** A Live page of the site, as far as the server knows of one. */
export async function openPage({ server }: BenchServer, site: string): Promise<Page> {
  const Socket = WebSocket as unknown as WithHeaders; // see above
  const socket = new Socket(`${server.url.replace("http", "ws")}/api/v1/sites/${site}/live`, {
    headers: { authorization: `Bearer ${server.adminToken}` },
  });
  const page: Page = { socket, minutes: new Map(), counts: [] };
  socket.addEventListener("message", ({ data }) => onMessage(page, String(data)));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("message", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("a Live page's socket did not open")), { once: true });
  });
  return page;
}

/** Of the beacons `first` to `end`, the last left out: from due to counted. */
function delaysOn({ counts }: Page, due: readonly number[], { first, end }: { first: number; end: number }): number[] {
  const delays: number[] = [];
  let next = 0;
  for (let beacon = first; beacon < end; beacon++) {
    while (next < counts.length && counts[next]!.events < beacon + 1) next++;
    const reached = counts[next];
    if (!reached) throw new Error(`beacon ${beacon} of ${due.length} never came to a Live page`);
    delays.push(reached.at - due[beacon]!);
  }
  return delays;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!holds() && performance.now() < deadline) await new Promise((done) => setTimeout(done, TICK_MS));
}

export async function measureFreshness(bench: BenchServer, options: FreshnessOptions): Promise<Freshness> {
  const { sockets, perSecond, warmUpMs, measureMs } = options;
  await bench.api.createSite({ id: SITE });
  const pages = await Promise.all(Array.from({ length: sockets }, () => openPage(bench, SITE)));
  try {
    const load = startPacedLoad({ port: bench.port, site: SITE, perSecond, connections: CONNECTIONS });
    await new Promise((done) => setTimeout(done, warmUpMs));
    const first = load.due.length;
    await new Promise((done) => setTimeout(done, measureMs));
    const end = load.due.length;
    await load.stop("send");
    await until(() => pages.every(({ counts }) => (counts.at(-1)?.events ?? 0) >= end));
    const delays = Float64Array.from(pages.flatMap((page) => delaysOn(page, load.due, { first, end }))).sort();
    const at = (share: number) => quantile(delays, share);
    return { sockets, perSecond, beacons: end - first, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  } finally {
    for (const { socket } of pages) socket.close();
  }
}
