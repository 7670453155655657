// Ingest on one machine: events acknowledged durable a second, each counted afterwards by the query API, beside Workers
// that store nothing. The load generator shares the cores.

import { connectTestApi } from "../test/support/api.ts";
import { startTestServer, type TestServer } from "../test/support/server.ts";
import { amountOf } from "../workers/domain/money.ts";
import { type BareKind, startBareWorker } from "./bare-workers.ts";
import { createClock, type Spent } from "./clocks.ts";
import { type LoadResult, runLoad } from "./http-load.ts";
import { requestsOf } from "./requests.ts";

export interface IngestOptions {
  connections: number;
  warmUpMs: number;
  measureMs: number;
}

export interface Measured {
  name: string;
  requestsPerSecond: number;
  eventsPerSecond: number;
  /** CPU of workerd, microseconds an event. */
  cpuMicrosPerEvent: number;
  clientMicrosPerEvent: number;
  /** Milliseconds a request. */
  latency: { p50: number; p95: number; p99: number };
  othersCores: number;
  /** Events answered as accepted, and those that a query counts; null for Workers that store nothing. */
  accepted: number | null;
  counted: number | null;
  refused: Record<string, number>;
}

export interface IngestResult {
  single: { perSecond: number; bareParsePerSecond: number; cpuMicrosPerEvent: number };
  batch20: { eventsPerSecond: number; accepted: number; counted: number };
}

const VISITORS = 10_000;
/** Before that much, the compiler of the server is still at work. */
const WARM_UP_EVENTS = 10_000;

interface Target {
  name: string;
  port: number;
  workerdPid: number;
  batch: number;
}

async function measure(target: Target, options: IngestOptions): Promise<{ load: LoadResult; spent: Spent }> {
  const { connections, warmUpMs, measureMs } = options;
  const clock = createClock(target.workerdPid);
  const shape = { site: target.name, batch: target.batch, visitors: Math.ceil(VISITORS / connections) };
  const load = await runLoad({
    host: "127.0.0.1",
    port: target.port,
    connections,
    requestsOf: (connection) => requestsOf(connection, shape),
    warmUpMs,
    warmUpRequests: WARM_UP_EVENTS / target.batch,
    measureMs,
    onPhase: (phase) => (phase === "measure" ? clock.start() : clock.stop()),
  });
  return { load, spent: clock.read() };
}

function summary({ name, batch }: Target, { load, spent }: { load: LoadResult; spent: Spent }): Measured {
  const requestsPerSecond = load.answered / load.seconds;
  const events = load.answered * batch;
  const at = (share: number) => load.latencies[Math.floor(load.latencies.length * share)] ?? Number.NaN;
  return {
    name,
    requestsPerSecond,
    eventsPerSecond: requestsPerSecond * batch,
    cpuMicrosPerEvent: spent.serverMicros / events,
    clientMicrosPerEvent: spent.clientMicros / events,
    latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    othersCores: spent.othersCores,
    accepted: null,
    counted: null,
    refused: load.refused,
  };
}

async function measureBare(kind: BareKind, options: IngestOptions): Promise<Measured> {
  const worker = await startBareWorker(kind);
  try {
    const target = { name: `bare-${kind}`, batch: 1, ...worker };
    return summary(target, await measure(target, options));
  } finally {
    await worker.stop();
  }
}

async function measureProduct(server: TestServer, target: Omit<Target, "port" | "workerdPid">, options: IngestOptions) {
  const api = connectTestApi(server);
  await api.createSite({ id: target.name });
  const [workerdPid] = server.pids().workerd;
  if (workerdPid === undefined) throw new Error("the server runs without workerd");
  const full = { ...target, port: Number(new URL(server.url).port), workerdPid };
  const measured = await measure(full, options);
  const { results } = await api.query({ metrics: ["events"], date_range: "all" }, target.name);
  const counted = amountOf(results[0]?.metrics[0]) ?? 0;
  return { ...summary(full, measured), accepted: measured.load.accepted, counted };
}

/** Takes about six times warm-up and measurement, and the starts. Rows in the order in which they were measured. */
export async function measureIngest(options: IngestOptions): Promise<{ rows: Measured[]; result: IngestResult }> {
  const bare = await measureBare("answer", options);
  const bareParse = await measureBare("parse", options);
  const server = await startTestServer({ trustProxy: true });
  try {
    const single = await measureProduct(server, { name: "single", batch: 1 }, options);
    const batch20 = await measureProduct(server, { name: "batch20", batch: 20 }, options);
    const result: IngestResult = {
      single: {
        perSecond: single.requestsPerSecond,
        bareParsePerSecond: bareParse.requestsPerSecond,
        cpuMicrosPerEvent: single.cpuMicrosPerEvent,
      },
      batch20: { eventsPerSecond: batch20.eventsPerSecond, accepted: batch20.accepted, counted: batch20.counted },
    };
    return { rows: [bare, bareParse, single, batch20], result };
  } finally {
    await server.discard();
  }
}
