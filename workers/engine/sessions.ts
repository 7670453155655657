// Sessions are a function of a visitor's event times and of nothing else: more than half an hour of silence starts a new
// one, midnight does not. `engagement` prolongs a session but never starts one and never counts as an event.

import { once } from "../domain/once.ts";
import { SESSION_GAP } from "./load.ts";

export const EVENT_KIND = { other: 0, pageview: 1, engagement: 2 } as const;

export interface SessionInput {
  length: number;
  /** Rows by visitor, then time. */
  visitor: Uint32Array;
  at: Float64Array;
  /** EVENT_KIND of each row. */
  kind: Uint8Array;
}

/** A session's rows lie together; session s is entry s of each array. All but `ofRow` are made when first asked for. */
export interface Sessions {
  count: number;
  /** Each row's session; -1 for engagement outside any. */
  ofRow: Int32Array;
  readonly firstRow: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly pageviews: Int32Array;
  /** Rows of the first and last page view; -1 without one. */
  readonly entryRow: Int32Array;
  readonly exitRow: Int32Array;
}

// Where a session begins cannot be foretold, and a branch that is foretold wrongly costs more than all else in these loops:
// so truths are multiplied instead. Each loop is a function of its own that ends with it, which keeps it compiled.

/** Numbers the sessions row by row; returns how many there are. */
function numberSessions(ofRow: Int32Array, { visitor, at, kind }: SessionInput): number {
  let session = -1;
  let before = -1;
  let last = 0;
  for (let row = 0; row < ofRow.length; row++) {
    const time = at[row]!;
    const own = visitor[row]!;
    const isOther = Number(own !== before);
    before = own;
    // As if the visitor had been silent for long; sums of whole numbers are exact.
    last -= isOther * (last - time + 2 * SESSION_GAP);
    const silent = Number(time - last > SESSION_GAP);
    const engages = Number(kind[row] === EVENT_KIND.engagement);
    const outside = silent & engages;
    session += silent & (engages ^ 1);
    ofRow[row] = session - outside * (session + 1);
    last += (1 - outside) * (time - last);
  }
  return session + 1;
}

// Slot 0 takes what belongs to no session.

function markFirst(slots: Int32Array, ofRow: Int32Array): void {
  for (let row = ofRow.length - 1; row >= 0; row--) slots[ofRow[row]! + 1] = row;
}

function markLast(slots: Int32Array, ofRow: Int32Array): void {
  for (let row = 0; row < ofRow.length; row++) slots[ofRow[row]! + 1] = row;
}

function markEntry(slots: Int32Array, ofRow: Int32Array, kind: Uint8Array): void {
  for (let row = ofRow.length - 1; row >= 0; row--) {
    slots[(ofRow[row]! + 1) * Number(kind[row] === EVENT_KIND.pageview)] = row;
  }
}

function markExit(slots: Int32Array, ofRow: Int32Array, kind: Uint8Array): void {
  for (let row = 0; row < ofRow.length; row++) {
    slots[(ofRow[row]! + 1) * Number(kind[row] === EVENT_KIND.pageview)] = row;
  }
}

function countPageviews(slots: Int32Array, ofRow: Int32Array, kind: Uint8Array): void {
  for (let row = 0; row < ofRow.length; row++) {
    slots[ofRow[row]! + 1]! += Number(kind[row] === EVENT_KIND.pageview);
  }
}

function timesOf(rows: Int32Array, at: Float64Array): Float64Array {
  const times = new Float64Array(rows.length);
  for (let session = 0; session < rows.length; session++) times[session] = at[rows[session]!]!;
  return times;
}

export function sessionize(input: SessionInput): Sessions {
  const { length, at, kind } = input;
  const ofRow = new Int32Array(length);
  const count = numberSessions(ofRow, input);
  const bySession = (none: number, fill: (slots: Int32Array) => void) => {
    const slots = new Int32Array(count + 1).fill(none);
    fill(slots);
    return slots.subarray(1);
  };
  const firstRow = once(() => bySession(-1, (slots) => markFirst(slots, ofRow)));
  const start = once(() => timesOf(firstRow(), at));
  const end = once(() =>
    timesOf(
      bySession(-1, (slots) => markLast(slots, ofRow)),
      at,
    ),
  );
  const pageviews = once(() => bySession(0, (slots) => countPageviews(slots, ofRow, kind)));
  const entryRow = once(() => bySession(-1, (slots) => markEntry(slots, ofRow, kind)));
  const exitRow = once(() => bySession(-1, (slots) => markExit(slots, ofRow, kind)));
  return {
    count,
    ofRow,
    get firstRow() {
      return firstRow();
    },
    get start() {
      return start();
    },
    get end() {
      return end();
    },
    get pageviews() {
      return pageviews();
    },
    get entryRow() {
      return entryRow();
    },
    get exitRow() {
      return exitRow();
    },
  };
}
