// How long questions take at one size of the reference data, over HTTP, while events come in; and the same in databases
// that hold a row per event.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchServer, isoDay, periodOf, shapeOf } from "../bench-server.ts";
import { processMemory } from "../clocks.ts";
import { minus, type Use } from "../cost/dollars.ts";
import { quantile, startPacedLoad } from "../paced-load.ts";
import type { Reference, Shape } from "../reference/events.ts";
import { expectSame, type SqlDatabase, timedAsk } from "./databases.ts";
import { openDuckDb } from "./duckdb.ts";
import { measureOverview, type OverviewTimes } from "./overview.ts";
import { QUESTIONS } from "./questions.ts";
import { openSqlite } from "./sqlite.ts";

export interface QueryRow {
  name: string;
  events: number;
  /** Nothing decoded, and decoded as far as it fits. */
  coldMs: number;
  warmMs: number;
  /** Of beacons answered while it ran warm. */
  ingestP99Ms: number;
  sqliteMs: number | null;
  /** Null where DuckDB is not installed. */
  duckdbMs: number | null;
}

export interface SizeResult {
  events: number;
  visitors: number;
  /** Sealed from the inside; rolled up by the shard's own upkeep. */
  fillSeconds: number;
  rollUpSeconds: number;
  /** What the platform would bill for rolling up and merging the 30 days, and for one load of the dashboard. */
  rollUpMonth: Use;
  dashboardLoad: Use;
  bytesPerEvent: number;
  sqliteBytesPerEvent: number | null;
  duckdbBytesPerEvent: number | null;
  /** At most, bytes: of scans by the engine's own account, and of workerd as the system sees it. */
  scanMemory: number;
  processMemory: number;
  overview: OverviewTimes;
  rows: QueryRow[];
}

export interface SizeOptions {
  events: number;
  now: number;
  /** SQLite takes minutes above ten million. */
  sqlite: boolean;
}

/** Beacons a second that come in while questions are answered. */
const LOAD = { perSecond: 500, connections: 16 };
const WARM_RUNS = 3;
const SETTLE_MS = 1_500;
const DRAIN_MS = 2_000;

interface Asked extends Omit<QueryRow, "events" | "sqliteMs" | "duckdbMs"> {
  ours: string[];
}

async function askOurs(bench: BenchServer, site: string, shape: Shape): Promise<Asked[]> {
  const load = startPacedLoad({ port: bench.port, site, ...LOAD });
  const { from, to } = periodOf(shape);
  const dates = [isoDay(from), isoDay(to - 1)];
  const asked: Asked[] = [];
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  for (const question of QUESTIONS) {
    const body = { site_id: site, date_range: dates, ...question.ask };
    const once = async () => {
      const start = performance.now();
      const { results } = (await bench.ask(body, "fresh")) as { results: never }; // each question knows its own
      return { ms: performance.now() - start, results };
    };
    // What the question before held up must not count for this one.
    await load.drained(DRAIN_MS);
    await bench.forget(site);
    const cold = await once();
    await load.drained(DRAIN_MS);
    const begun = performance.now();
    const warm: number[] = [];
    for (let i = 0; i < WARM_RUNS; i++) warm.push((await once()).ms);
    const latencies = load.latencies(begun, performance.now());
    asked.push({
      name: question.name,
      coldMs: cold.ms,
      warmMs: warm.sort((a, b) => a - b)[WARM_RUNS >> 1]!,
      ingestP99Ms: quantile(latencies, 0.99),
      ours: question.ours(cold.results),
    });
  }
  await load.stop("drop");
  return asked;
}

interface Theirs {
  /** By the question's name. */
  ms: Map<string, number>;
  bytes: number;
}

async function askTheirs(
  open: (file: string) => Promise<SqlDatabase | null>,
  asked: readonly Asked[],
  period: { from: number; to: number },
): Promise<Theirs | null> {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-bench-"));
  try {
    const db = await open(join(folder, "events.db"));
    if (!db) return null;
    const ms = new Map<string, number>();
    for (const [i, question] of QUESTIONS.entries()) {
      const timed = await timedAsk(db, question, period);
      ms.set(question.name, timed.ms);
      expectSame(question, db.name, asked[i]!.ours, timed.rows);
    }
    await db.close();
    return { ms, bytes: db.bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function measureSize(bench: BenchServer, { events, now, sqlite }: SizeOptions): Promise<SizeResult> {
  const site = `reference-${events}`;
  const shape = shapeOf(events, now);
  const begun = performance.now();
  const reference: Reference = await bench.fill(site, shape);
  const filled = performance.now();
  const before = await bench.counters();
  await bench.rollUp(site, shape);
  const rolled = performance.now();
  const rollUpMonth = minus(await bench.counters(), before);
  const { shards, events: held } = await bench.api.status(site);
  if (held !== reference.events) throw new Error(`the shards hold ${held} of ${reference.events} events`);
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  await bench.memory();
  const asked = await askOurs(bench, site, shape);
  const { most: scanMemory } = await bench.memory();
  const { peak } = processMemory(bench.workerdPid);
  const { overview, dashboardLoad } = await measureOverview(bench, site, { shape, now, load: LOAD });
  const period = periodOf(shape);
  const inSqlite = sqlite ? await askTheirs((file) => openSqlite(file, reference), asked, period) : null;
  const inDuckDb = await askTheirs((file) => openDuckDb(file, reference), asked, period);
  const row = ({ ours: _, ...own }: Asked): QueryRow => ({
    ...own,
    events: reference.events,
    sqliteMs: inSqlite?.ms.get(own.name) ?? null,
    duckdbMs: inDuckDb?.ms.get(own.name) ?? null,
  });
  return {
    events: reference.events,
    visitors: reference.visitors,
    fillSeconds: (filled - begun) / 1000,
    rollUpSeconds: (rolled - filled) / 1000,
    rollUpMonth,
    dashboardLoad,
    bytesPerEvent: bytes / reference.events,
    sqliteBytesPerEvent: inSqlite && inSqlite.bytes / reference.events,
    duckdbBytesPerEvent: inDuckDb && inDuckDb.bytes / reference.events,
    scanMemory,
    processMemory: peak,
    overview,
    rows: asked.map(row),
  };
}
