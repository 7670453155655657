// The system's measures of itself, as they are kept: of five minutes of one isolate, of an hour of all.
import { emptyTally, mergedTally, type Tally } from "./tally.ts";

export const SLOT_MS = 5 * 60_000;
export const HOUR_MS = 3_600_000;

/** The sort of operation, the first word of a measure's name: `api GET /api/v1/sites`, `d1 select rollups`. */
export const MEASURE_KINDS = ["api", "ingest", "d1", "object", "scan", "job", "queue"] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];
export type MeasureName = `${MeasureKind} ${string}`;

/** POST /api/event, beside the other routes. */
export const COLLECT: MeasureName = "api POST /api/event";
/** Milliseconds from receipt to disk, once for each event. */
export const LAG: MeasureName = "ingest lag";
/** Events that D1 has not got yet, as a shard sees them after each copying. */
export const BACKLOG: MeasureName = "queue outbox";

export const COUNTED = [
  "workerRequests",
  "objectRequests",
  "objectRowsWritten",
  "d1RowsRead",
  "d1RowsWritten",
] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Partial<Record<Counted, number>>;

/** One of the slowest questions: what was asked, never about whom. */
export interface SlowQuestion {
  at: number;
  siteId: string;
  /** The analysis, or the figures and what they are by. */
  asked: string;
  period: string;
  source: string;
  scanned: number;
  rolled: number;
  ms: number;
}

/** What is small enough to be read of a whole month. */
export interface Totals {
  counts: Counts;
  /** Of all routes but collect, of collect, and of the way to disk. */
  api: Tally;
  collect: Tally;
  lag: Tally;
}

export interface Detail {
  tallies: Record<string, Tally>;
  slow: SlowQuestion[];
}

export interface Measures extends Detail {
  counts: Counts;
}

/** Of one time. */
export const MOST_SLOW = 20;

export const slowest = (questions: readonly SlowQuestion[]): SlowQuestion[] =>
  [...questions].sort((a, b) => b.ms - a.ms).slice(0, MOST_SLOW);

export function totalsOf({ counts, tallies }: Measures): Totals {
  const api = Object.entries(tallies).flatMap(([name, tally]) =>
    name.startsWith("api ") && name !== COLLECT ? [tally] : [],
  );
  return {
    counts,
    api: api.reduce(mergedTally, emptyTally()),
    collect: tallies[COLLECT] ?? emptyTally(),
    lag: tallies[LAG] ?? emptyTally(),
  };
}

export function mergedCounts(a: Counts, b: Counts): Counts {
  const sum: Counts = { ...a };
  for (const name of COUNTED) if (b[name] !== undefined) sum[name] = (sum[name] ?? 0) + b[name];
  return sum;
}

export const mergedTotals = (a: Totals, b: Totals): Totals => ({
  counts: mergedCounts(a.counts, b.counts),
  api: mergedTally(a.api, b.api),
  collect: mergedTally(a.collect, b.collect),
  lag: mergedTally(a.lag, b.lag),
});

export const noTotals = (): Totals => ({
  counts: {},
  api: emptyTally(),
  collect: emptyTally(),
  lag: emptyTally(),
});

export function mergedDetail(a: Detail, b: Detail): Detail {
  const tallies = { ...a.tallies };
  for (const [name, tally] of Object.entries(b.tallies)) {
    tallies[name] = tallies[name] ? mergedTally(tallies[name], tally) : tally;
  }
  return { tallies, slow: slowest([...a.slow, ...b.slow]) };
}
