// What scans may hold at once, by our own count of buffers: objects of one script may share an isolate and its 128 MB, so
// the budget belongs to the module and not to one of them. Views under way come first; decoded columns take what is left.

/** Bytes, for views and decoded columns of all scans together. */
export const SCAN_BYTES = 48 * 1024 * 1024;

/** A row of a view: its place, time, visitor and session; and what each question adds in columns, masks and lists. */
const ROW_BYTES = 72;
const QUESTION_BYTES = 24;

interface Held {
  value: unknown;
  bytes: number;
}

const columns = new Map<string, Held>();
let columnBytes = 0;
let viewBytes = 0;
let mostBytes = 0;

function note(): void {
  mostBytes = Math.max(mostBytes, columnBytes + viewBytes);
}

function makeRoom(most: number): void {
  for (const [key, { bytes }] of columns) {
    if (columnBytes <= most) return;
    columns.delete(key);
    columnBytes -= bytes;
  }
}

/** Room for a view of so many rows and questions; null while it does not fit beside those under way. Returns what gives it back. */
export function roomForView(rows: number, questions: number): (() => void) | null {
  const bytes = rows * (ROW_BYTES + questions * QUESTION_BYTES);
  if (viewBytes > 0 && viewBytes + bytes > SCAN_BYTES) return null;
  viewBytes += bytes;
  makeRoom(Math.max(0, SCAN_BYTES - viewBytes));
  note();
  return () => {
    viewBytes -= bytes;
  };
}

/** A decoded column under its key, made when it is not held; those used longest ago leave first. */
export function heldColumn<T>(key: string, make: () => T, bytesOf: (made: T) => number): T {
  const known = columns.get(key);
  if (known) {
    columns.delete(key);
    columns.set(key, known);
    return known.value as T; // put there under the same key
  }
  const value = make();
  const bytes = bytesOf(value);
  columns.set(key, { value, bytes });
  columnBytes += bytes;
  makeRoom(Math.max(bytes, SCAN_BYTES - viewBytes));
  note();
  return value;
}

/** Forgets decoded columns whose keys begin so. */
export function forgetColumns(prefix: string): void {
  for (const [key, { bytes }] of columns) {
    if (!key.startsWith(prefix)) continue;
    columns.delete(key);
    columnBytes -= bytes;
  }
}

/** Bytes held now, and the most since last asked. */
export function memoryHeld(): { now: number; most: number } {
  const held = { now: columnBytes + viewBytes, most: mostBytes };
  mostBytes = held.now;
  return held;
}
