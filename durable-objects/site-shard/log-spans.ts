// When the log's events happened, held in mind: the log may have ten thousands of rows, and each question wants to know whether
// one of its period came since. A row is read once.
import type { Segments } from "./segments.ts";

/** Rows of one import whose events lie in the same hours. */
export interface LogSpan {
  importId: string;
  atMin: number;
  atMax: number;
  rows: number;
  /** Of the last row. */
  seq: number;
}

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  importId: string;
  atMin: number;
  atMax: number;
}

const HOUR_MS = 3_600_000;
const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

export function createLogSpans(sql: SqlStorage, segments: Pick<Segments, "resets">): () => LogSpan[] {
  const spans = new Map<string, LogSpan>();
  let resets = segments.resets;
  let last = 0;

  function add({ seq, importId, atMin, atMax }: Row): void {
    const key = `${hourOf(atMin)} ${hourOf(atMax)} ${importId}`;
    const known = spans.get(key) ?? { importId, atMin, atMax, rows: 0, seq };
    spans.set(key, {
      importId,
      atMin: Math.min(known.atMin, atMin),
      atMax: Math.max(known.atMax, atMax),
      rows: known.rows + 1,
      seq,
    });
    last = seq;
  }

  return () => {
    // Rows have left the log: for a segment, or with an import that was undone.
    if (resets !== segments.resets) {
      spans.clear();
      last = 0;
      resets = segments.resets;
    }
    const added = sql.exec<Row>(
      "select seq, import_id as importId, at_min as atMin, at_max as atMax from log where seq > ? order by seq",
      last,
    );
    for (const row of added) add(row);
    return [...spans.values()];
  };
}
