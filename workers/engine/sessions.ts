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

function emptySessions(rows: number): Sessions {
  return {
    count: 0,
    ofRow: new Int32Array(rows).fill(-1),
    firstRow: new Uint32Array(rows),
    start: new Float64Array(rows),
    end: new Float64Array(rows),
    pageviews: new Uint32Array(rows),
    events: new Uint32Array(rows),
    entryRow: new Int32Array(rows).fill(-1),
    exitRow: new Int32Array(rows).fill(-1),
  };
}

/** Arrays of one entry per row, of which the first `count` are used, cut to size so that the rest is freed. */
function trimmed(sessions: Sessions): Sessions {
  const { count } = sessions;
  return {
    count,
    ofRow: sessions.ofRow,
    firstRow: sessions.firstRow.slice(0, count),
    start: sessions.start.slice(0, count),
    end: sessions.end.slice(0, count),
    pageviews: sessions.pageviews.slice(0, count),
    events: sessions.events.slice(0, count),
    entryRow: sessions.entryRow.slice(0, count),
    exitRow: sessions.exitRow.slice(0, count),
  };
}

export function sessionize({ length, visitor, at, kind }: SessionInput): Sessions {
  const sessions = emptySessions(length);
  let session = -1;
  for (let row = 0; row < length; row++) {
    const time = at[row]!;
    const newVisitor = row === 0 || visitor[row] !== visitor[row - 1];
    const broken = newVisitor || session < 0 || time - sessions.end[session]! > SESSION_GAP;
    if (kind[row] === EVENT_KIND.engagement) {
      if (newVisitor) session = -1;
      if (broken) continue;
    } else {
      if (broken) {
        session = sessions.count++;
        sessions.firstRow[session] = row;
        sessions.start[session] = time;
      }
      sessions.events[session]! += 1;
      if (kind[row] === EVENT_KIND.pageview) {
        if (sessions.pageviews[session]!++ === 0) sessions.entryRow[session] = row;
        sessions.exitRow[session] = row;
      }
    }
    sessions.ofRow[row] = session;
    sessions.end[session] = time;
  }
  return trimmed(sessions);
}
