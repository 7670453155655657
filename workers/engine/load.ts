// Chooses the rows that a period's answer depends on: those in the period, and, of visitors whose session may reach over
// its edges, as many before and after as the session is long. Exact for sessions of any length.

import type { Period } from "../domain/period.ts";
import type { Batch } from "./columns.ts";
import { inChunks, type Pace } from "./pace.ts";
import type { BatchSource } from "./source.ts";

/** Silence longer than this ends a session. */
export const SESSION_GAP = 1_800_000;

/** Chosen rows of one batch, with the visitor of each as a code of the whole load. */
export interface Piece {
  batch: Batch;
  rows: Uint32Array;
  visitors: Uint32Array;
}

export interface Loaded {
  pieces: Piece[];
  visitorCount: number;
  /** Rows looked at. */
  scanned: number;
  /** Receipt time of the newest row in the period, milliseconds; null when there is none. */
  freshness: number | null;
}

interface Visitors {
  /** The load's code for each code of the batch. */
  of(batch: Batch): Uint32Array;
  count(): number;
}

/** Looking a visitor up by name, in units of `Pace`. */
const VISITOR_WEIGHT = 20;

function visitorCodes(): Visitors {
  const codeOf = new Map<string, number>();
  const known = new Map<Batch, Uint32Array>();
  return {
    of(batch) {
      let codes = known.get(batch);
      if (!codes) {
        const { dict } = batch.text("visitorId");
        codes = new Uint32Array(dict.length);
        for (let local = 0; local < dict.length; local++) {
          const code = codeOf.get(dict[local]!) ?? codeOf.size;
          if (code === codeOf.size) codeOf.set(dict[local]!, code);
          codes[local] = code;
        }
        known.set(batch, codes);
      }
      return codes;
    },
    count: () => codeOf.size,
  };
}

function pieceOf(batch: Batch, rows: Uint32Array, visitors: Visitors): Piece {
  const codes = visitors.of(batch);
  const local = batch.text("visitorId").codes;
  const own = new Uint32Array(rows.length);
  for (let entry = 0; entry < rows.length; entry++) own[entry] = codes[local[rows[entry]!]!]!;
  return { batch, rows, visitors: own };
}

function newestOf({ batch, rows }: Piece): number {
  if (rows.length === batch.length) return batch.newest;
  let newest = Number.NEGATIVE_INFINITY;
  for (const row of rows) newest = Math.max(newest, batch.receivedAt[row]!);
  return newest;
}

async function rowsWithin(batch: Batch, period: Period, pace: Pace): Promise<Uint32Array> {
  const { at, length } = batch;
  const rows = new Uint32Array(length);
  if (batch.earliest >= period.from && batch.latest < period.to) return rows.map((_, row) => row);
  let count = 0;
  const choose = (start: number, end: number) => {
    for (let row = start; row < end; row++) {
      if (at[row]! >= period.from && at[row]! < period.to) rows[count++] = row;
    }
  };
  await inChunks(length, choose, { pace });
  return rows.subarray(0, count);
}

/** A visitor's first and last moment in the period, by code. */
async function extents(
  pieces: Piece[],
  visitorCount: number,
  pace: Pace,
): Promise<{ first: Float64Array; last: Float64Array }> {
  const first = new Float64Array(visitorCount).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(visitorCount).fill(Number.NEGATIVE_INFINITY);
  for (const { batch, rows, visitors } of pieces) {
    const times = batch.at;
    const widen = (start: number, end: number) => {
      for (let entry = start; entry < end; entry++) {
        const at = times[rows[entry]!]!;
        const visitor = visitors[entry]!;
        if (at < first[visitor]!) first[visitor] = at;
        if (at > last[visitor]!) last[visitor] = at;
      }
    };
    await inChunks(rows.length, widen, { pace, weight: 2 });
  }
  return { first, last };
}

interface Edge {
  /** -1 before the period, 1 after it. */
  direction: -1 | 1;
  /** Where each visitor's chain of events has been followed to. */
  reach: Float64Array;
  /** Rows are known up to here. */
  frontier: number;
  /** Nothing lies beyond. */
  limit: number;
}

/** Whether some event beyond the frontier could continue a chain that reaches to `reach`. */
function isOpen(reach: number, { direction, frontier }: Edge): boolean {
  const distance = (frontier - reach) * direction;
  // Unknown rows lie strictly before the frontier on the left, at it or after it on the right.
  return direction < 0 ? distance < SESSION_GAP : distance <= SESSION_GAP;
}

interface Candidate {
  at: number;
  batch: number;
  row: number;
  visitor: number;
}

function candidatesOf(batches: Batch[], window: Period, options: { edge: Edge; visitors: Visitors }): Candidate[] {
  const { edge, visitors } = options;
  const candidates: Candidate[] = [];
  batches.forEach((batch, index) => {
    if (batch.latest < window.from || batch.earliest >= window.to) return;
    const codes = visitors.of(batch);
    const local = batch.text("visitorId").codes;
    for (let row = 0; row < batch.length; row++) {
      const at = batch.at[row]!;
      if (at < window.from || at >= window.to) continue;
      const visitor = codes[local[row]!]!;
      // Visitors first met here have no event in the period.
      if (visitor < edge.reach.length && isOpen(edge.reach[visitor]!, edge)) {
        candidates.push({ at, batch: index, row, visitor });
      }
    }
  });
  return candidates.sort((a, b) => (a.at - b.at) * edge.direction);
}

/** The rows of one window that continue a chain; moves `reach` and the frontier. */
function follow(batches: Batch[], window: Period, options: { edge: Edge; visitors: Visitors }): Piece[] {
  const { edge, visitors } = options;
  const chosen = new Map<number, number[]>();
  for (const { at, batch, row, visitor } of candidatesOf(batches, window, options)) {
    if ((at - edge.reach[visitor]!) * edge.direction > SESSION_GAP) continue;
    edge.reach[visitor] = at;
    const rows = chosen.get(batch) ?? [];
    rows.push(row);
    chosen.set(batch, rows);
  }
  edge.frontier = edge.direction < 0 ? window.from : window.to;
  return [...chosen].map(([index, rows]) => pieceOf(batches[index]!, Uint32Array.from(rows).sort(), visitors));
}

function hasOpenChain(edge: Edge): boolean {
  const beyond = edge.direction < 0 ? edge.frontier > edge.limit : edge.frontier <= edge.limit;
  return beyond && edge.reach.some((reach) => isOpen(reach, edge));
}

async function followEdge(
  source: BatchSource,
  snapshot: Batch[],
  options: { edge: Edge; visitors: Visitors; pace: Pace },
): Promise<{ pieces: Piece[]; scanned: number }> {
  const { edge, pace } = options;
  const pieces: Piece[] = [];
  let scanned = 0;
  for (let span = SESSION_GAP; hasOpenChain(edge); span *= 2) {
    const near = edge.frontier;
    const far = near + span * edge.direction;
    const window = edge.direction < 0 ? { from: far, to: near } : { from: near, to: far };
    // Windows do not overlap, so that a batch rewritten between two reads counts no event twice.
    const batches = span === SESSION_GAP ? snapshot : source.read(window.from, window.to);
    pieces.push(...follow(batches, window, options));
    const looked = batches.reduce((sum, batch) => sum + batch.length, 0);
    scanned += looked;
    const rest = pace.spend(looked);
    if (rest) await rest;
  }
  return { pieces, scanned };
}

/** What a load of the period needs at first: read it at once for all periods, so that they are answered from one state. */
export function snapshotOf(source: BatchSource, period: Period): Batch[] {
  return source.read(period.from - SESSION_GAP, period.to + SESSION_GAP);
}

export async function load(
  source: BatchSource,
  snapshot: Batch[],
  options: { period: Period; pace: Pace },
): Promise<Loaded> {
  const { period, pace } = options;
  const visitors = visitorCodes();
  const inside: Piece[] = [];
  for (const batch of snapshot) {
    const rows = await rowsWithin(batch, period, pace);
    if (rows.length > 0) inside.push(pieceOf(batch, rows, visitors));
    const rest = pace.spend(rows.length * 3 + batch.text("visitorId").dict.length * VISITOR_WEIGHT);
    if (rest) await rest;
  }
  const { first, last } = await extents(inside, visitors.count(), pace);
  const before: Edge = { direction: -1, reach: first, frontier: period.from, limit: source.earliest };
  const after: Edge = { direction: 1, reach: last, frontier: period.to, limit: source.latest };
  const earlier = await followEdge(source, snapshot, { edge: before, visitors, pace });
  const later = await followEdge(source, snapshot, { edge: after, visitors, pace });
  const newest = Math.max(Number.NEGATIVE_INFINITY, ...inside.map(newestOf));
  return {
    pieces: [...inside, ...earlier.pieces, ...later.pieces],
    visitorCount: visitors.count(),
    scanned: snapshot.reduce((sum, batch) => sum + batch.length, 0) + earlier.scanned + later.scanned,
    freshness: Number.isFinite(newest) ? newest : null,
  };
}
