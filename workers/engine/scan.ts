// Answers several questions from one reading of the events. What there is is settled when the scan starts, so that all
// answers describe the same moment; then it goes through the visitors slice by slice, and gives way at least every ten
// milliseconds or so.

import type { Period } from "../domain/period.ts";
import type { Filter } from "../domain/query.ts";
import type { SortedBatch } from "./columns.ts";
import { freshnessOf, load, rowsWithin } from "./load.ts";
import { mayPass } from "./may-pass.ts";
import { roomForView } from "./memory.ts";
import { type Pace, paceOf } from "./pace.ts";
import type { BatchSource } from "./source.ts";
import { openView, type View } from "./view.ts";
import { type Slice, slicesOf } from "./visitor-key.ts";

export type { BatchSource } from "./source.ts";

export interface ScanRequest {
  /** Name of a registered analysis. */
  analysis: string;
  params: unknown;
  /** Milliseconds; `to` is exclusive. */
  from: number;
  to: number;
  timeZone: string;
  filters: Filter[];
  /** Milliseconds before `from` from which the view also holds rows of its visitors; none when left out. */
  lookBack?: number;
}

export interface ScanReply {
  /** One per request, JSON-able; the analysis merges them. */
  partials: unknown[];
  /** Rows looked at. */
  scanned: number;
  /** Receipt time of the newest event of the periods asked for, milliseconds; null when there is none. */
  freshness: number | null;
  /** Rows of the periods that were read back from the archive; left out when there are none. */
  archived?: number;
  /** Time of the oldest event of all, milliseconds; null when there is none. */
  earliest: number | null;
}

/** An analysis at work: it is shown every visitor once, in views, and then has its share of the answer. */
export interface Reader {
  add(view: View): Promise<void>;
  partial(): unknown;
}

/** What the scan needs of an analysis. */
export interface Scannable {
  reader(params: unknown, filters: readonly Filter[]): Reader;
}

/** Rows looked at so far, and of how many at most. */
export interface ScanProgress {
  scanned: number;
  rows: number;
}

export interface ScanOptions {
  analyses: Readonly<Record<string, Scannable>>;
  /** Gives way to the event loop. */
  pause: () => Promise<void>;
  /** Only these visitors; all when left out. */
  visitors?: readonly Slice[];
  /** Rows of a slice, about; for tests, which have few. */
  sliceRows?: number;
  /** Counts on while the scan goes, for whoever watches. */
  progress?: ScanProgress;
}

/** Some ten megabytes of views, and arrays that stay in a processor's cache. */
const SLICE_ROWS = 65_536;
const MOST_SLICES = 4096;

interface PeriodGroup {
  request: ScanRequest;
  readers: { reader: Reader; filters: readonly Filter[] }[];
}

/** Requests for the same period share one load. */
function groupByPeriod(requests: readonly ScanRequest[], readers: readonly Reader[]): PeriodGroup[] {
  const groups = new Map<string, PeriodGroup>();
  requests.forEach((request, index) => {
    const key = `${request.from} ${request.to} ${request.timeZone} ${request.lookBack ?? 0}`;
    const group = groups.get(key) ?? { request, readers: [] };
    group.readers.push({ reader: readers[index]!, filters: request.filters });
    groups.set(key, group);
  });
  return [...groups.values()];
}

const periodsOf = (requests: readonly ScanRequest[]): Period[] =>
  requests.map(({ from, to, lookBack = 0 }) => ({ from: from - lookBack, to }));

function within(batches: readonly SortedBatch[], { from, to }: Period): SortedBatch[] {
  return batches.filter((batch) => batch.latest >= from && batch.earliest < to);
}

function rowsFor(batches: readonly SortedBatch[], { from, to, lookBack = 0 }: ScanRequest): number {
  return within(batches, { from: from - lookBack, to }).reduce((sum, batch) => sum + batch.length, 0);
}

/** As many slices as keep each near the size, a power of two so that their bounds are those of blocks. */
function slicesFor(rows: number, sliceRows: number): Slice[] {
  let count = 1;
  while (count * sliceRows < rows && count < MOST_SLICES) count *= 2;
  return slicesOf(count);
}

/** The parts of the slices that are asked for. */
function partsOf(slices: Slice[], asked: readonly Slice[] | undefined): Slice[] {
  if (!asked) return slices;
  return slices.flatMap((slice) =>
    asked
      .map(({ from, to }) => ({ from: Math.max(from, slice.from), to: Math.min(to, slice.to) }))
      .filter(({ from, to }) => from <= to),
  );
}

interface Reading {
  visitors: readonly Slice[] | undefined;
  batches: readonly SortedBatch[];
  pace: Pace;
  pause: () => Promise<void>;
  sliceRows: number;
  progress: ScanProgress;
}

/** Asks again and again rather than being called: scans of other objects run in contexts of their own. */
async function waitForRoom(rows: number, questions: number, pause: () => Promise<void>): Promise<() => void> {
  for (;;) {
    const release = roomForView(rows, questions);
    if (release) return release;
    await pause();
  }
}

/** Shows every reader each slice of the period's visitors; returns the rows looked at. */
async function read(
  { request, readers }: PeriodGroup,
  { visitors, batches, pace, pause, sliceRows, progress }: Reading,
): Promise<number> {
  const { from, to, timeZone, lookBack = 0 } = request;
  const period = { from, to };
  const reach = { from: from - lookBack, to };
  const rows = rowsFor(batches, request);
  const slices = partsOf(slicesFor(rows, sliceRows), visitors);
  let scanned = 0;
  for (const slice of slices) {
    const looked = rowsWithin(batches, reach, slice);
    if (looked === 0) continue;
    scanned += looked;
    progress.scanned += looked;
    const release = await waitForRoom(looked, readers.length, pause);
    try {
      const loaded = load(batches, { period, from: reach.from, slice });
      const rest = pace.spend(looked * 6);
      if (rest) await rest;
      const own = loaded.pieces.map(({ batch }) => batch);
      const able = loaded.length > 0 ? readers.filter(({ filters }) => mayPass(own, filters)) : [];
      if (able.length === 0) continue;
      const view = await openView(loaded, {
        period,
        timeZone,
        whole: slices.length === 1 && visitors === undefined,
        pace,
      });
      for (const { reader } of able) await reader.add(view);
    } finally {
      release();
    }
  }
  return scanned;
}

/** With no requests it only tells the bounds of what there is. */
export async function scan(
  source: BatchSource,
  requests: readonly ScanRequest[],
  { analyses, pause, visitors, sliceRows = SLICE_ROWS, progress = { scanned: 0, rows: 0 } }: ScanOptions,
): Promise<ScanReply> {
  const readers = requests.map(({ analysis: name, params, filters }) => {
    const analysis = analyses[name];
    if (!analysis) throw new Error(`no analysis ${name}`);
    return analysis.reader(params, filters);
  });
  const pace = paceOf(pause);
  const earliest = Number.isFinite(source.earliest) ? source.earliest : null;
  const { batches, archived = 0, release } = await source.snapshot(pause, periodsOf(requests));
  try {
    let scanned = 0;
    let freshness: number | null = null;
    const groups = groupByPeriod(requests, readers);
    // The latest period first: mostly it has the newest event, and others then need no look.
    for (const { request } of groups.toSorted((a, b) => b.request.to - a.request.to)) {
      freshness = await freshnessOf(batches, { period: request, known: freshness, pace });
    }
    progress.rows = groups.reduce((sum, { request }) => sum + rowsFor(batches, request), 0);
    const reading = { visitors, batches, pace, pause, sliceRows, progress };
    for (const group of groups) scanned += await read(group, reading);
    const partials = readers.map((reader) => reader.partial());
    return { partials, scanned, freshness, earliest, ...(archived > 0 && { archived }) };
  } finally {
    release();
  }
}
