// Events to requests, and requests on their way: a bounded number at once, in an order that a resumed run can trust.

import type { EventRow } from "./row.ts";

/** How many requests may be on their way at once. */
export const IN_FLIGHT = 4;

const MAX_BYTES = 3_500_000;

export interface Batch {
  /** Each event as JSON. */
  json: string[];
  /** The line in the file of each event, from 1. */
  fileLines: number[];
}

/** Batches of at most `size` events and 3.5 MB, in file order. */
export async function* toBatches(rows: AsyncIterable<EventRow[]>, size: number): AsyncGenerator<Batch> {
  let batch: Batch = { json: [], fileLines: [] };
  let bytes = 0;
  for await (const chunk of rows) {
    for (const row of chunk) {
      const json = JSON.stringify(row.event);
      const length = Buffer.byteLength(json) + 1;
      if (batch.json.length >= size || (bytes + length > MAX_BYTES && batch.json.length > 0)) {
        yield batch;
        batch = { json: [], fileLines: [] };
        bytes = 0;
      }
      batch.json.push(json);
      batch.fileLines.push(row.fileLine);
      bytes += length;
    }
  }
  if (batch.json.length > 0) yield batch;
}

/**
 * Sends every batch, `IN_FLIGHT` at a time. Batch n starts only when batch n − IN_FLIGHT is done, so what the server
 * has not seen is never further back than that.
 */
export async function sendInOrder(batches: AsyncIterable<Batch>, send: (batch: Batch) => Promise<void>): Promise<void> {
  const flying: Promise<void>[] = [];
  try {
    for await (const batch of batches) {
      const sent = send(batch);
      sent.catch(() => {}); // It is awaited below; an earlier failure must not leave it unhandled.
      flying.push(sent);
      if (flying.length >= IN_FLIGHT) await flying.shift();
    }
  } finally {
    await Promise.allSettled(flying);
  }
  await Promise.all(flying);
}

/**
 * Leaves out what an earlier run has sent: events below `nextLine`, but for the last `overlap` of them, which may have
 * been on their way when it stopped. `onSkip` is told how many were left out.
 */
export async function* resumeAt(
  rows: AsyncIterable<EventRow[]>,
  resume: { nextLine: number; overlap: number; onSkip: (count: number) => void },
): AsyncGenerator<EventRow[]> {
  let held: EventRow[] = [];
  let reached = false;
  for await (const chunk of rows) {
    if (reached) {
      yield chunk;
      continue;
    }
    held.push(...chunk);
    const from = held.findIndex((row) => row.event.line >= resume.nextLine);
    reached = from >= 0;
    const keepFrom = Math.max(0, (reached ? from : held.length) - resume.overlap);
    resume.onSkip(keepFrom);
    held = held.slice(keepFrom);
    if (!reached) continue;
    yield held;
    held = [];
  }
  yield held;
}
