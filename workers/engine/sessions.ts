// Sessions are a function of a visitor's event times and of nothing else: more than half an hour of silence starts a new
// one, midnight does not. `engagement` prolongs a session but never starts one and never counts as an event.

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

/** A session's rows lie together; session s is entry s of each array. */
export interface Sessions {
  count: number;
  /** Each row's session; -1 for engagement outside any. */
  ofRow: Int32Array;
  firstRow: Uint32Array;
  start: Float64Array;
  end: Float64Array;
  pageviews: Uint32Array;
  events: Uint32Array;
  /** Rows of the first and last page view; -1 without one. */
  entryRow: Int32Array;
  exitRow: Int32Array;
}

/** Used again by every call, which copies what it needs: as many sessions as rows are rare, and large arrays cost time to make. */
interface Scratch {
  firstRow: Uint32Array;
  start: Float64Array;
  end: Float64Array;
  pageviews: Uint32Array;
  events: Uint32Array;
  entryRow: Int32Array;
  exitRow: Int32Array;
}

function scratchFor(rows: number): Scratch {
  return {
    firstRow: new Uint32Array(rows),
    start: new Float64Array(rows),
    end: new Float64Array(rows),
    pageviews: new Uint32Array(rows),
    events: new Uint32Array(rows),
    entryRow: new Int32Array(rows),
    exitRow: new Int32Array(rows),
  };
}

let scratch = scratchFor(0);

export function sessionize({ length, visitor, at, kind }: SessionInput): Sessions {
  if (scratch.start.length < length) scratch = scratchFor(length);
  const { firstRow, start, end, pageviews, events, entryRow, exitRow } = scratch;
  const ofRow = new Int32Array(length);
  let count = 0;
  let session = -1;
  let last = 0;
  let before = -1;
  for (let row = 0; row < length; row++) {
    const time = at[row]!;
    const own = kind[row]!;
    if (visitor[row] !== before) {
      before = visitor[row]!;
      session = -1;
    }
    if (session < 0 || time - last > SESSION_GAP) {
      if (own === EVENT_KIND.engagement) {
        ofRow[row] = -1;
        continue;
      }
      session = count++;
      firstRow[session] = row;
      start[session] = time;
      pageviews[session] = 0;
      events[session] = 0;
      entryRow[session] = -1;
      exitRow[session] = -1;
    }
    if (own !== EVENT_KIND.engagement) events[session]! += 1;
    if (own === EVENT_KIND.pageview) {
      if (pageviews[session]! === 0) entryRow[session] = row;
      pageviews[session]! += 1;
      exitRow[session] = row;
    }
    last = time;
    end[session] = time;
    ofRow[row] = session;
  }
  return {
    count,
    ofRow,
    firstRow: firstRow.slice(0, count),
    start: start.slice(0, count),
    end: end.slice(0, count),
    pageviews: pageviews.slice(0, count),
    events: events.slice(0, count),
    entryRow: entryRow.slice(0, count),
    exitRow: exitRow.slice(0, count),
  };
}
