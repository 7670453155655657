// Wrong values among the properties of an event, told by column: how many of them, and what they are made of, but no value.
import { checkTable } from "./check-table.ts";
import type { SampledEvent } from "./event-sample.ts";
import type { Fault } from "./finding.ts";
import { inPercent } from "./stream-finding.ts";
import { exactShape } from "./text-shape.ts";
import type { CellValue } from "./value-table.ts";

/** Fewer rows tell nothing of a column. */
const LEAST_ROWS = 50;
const MOST_ROWS = 1000;
const MOST_COLUMNS = 30;
/** Events whose properties are looked at, those of most events first. */
const MOST_EVENTS = 20;
/** A single odd value is life. */
const LEAST_CELLS = 3;
const SHAPE_CHARS = 24;

const WORDS: Readonly<Record<Exclude<Fault, "repeated">, string>> = {
  missing: "are empty where others are filled",
  malformed: "have another form than others",
  misspelled: "look like slips of a more frequent value",
  contradicts: "do not go with the other properties",
  outlier: "lie far from all others",
  wrong_type: "are of another type than others",
  other_unit: "are in another unit than others",
  other_date_format: "are dates in another form than others",
};

export interface WrongCells {
  event: string;
  property: string;
  fault: Exclude<Fault, "repeated">;
  /** Values that were looked at, and those that are wrong. */
  checked: number;
  wrong: number;
  reason: string;
}

export interface CheckedCells {
  event: string;
  /** Cells of all columns. */
  checked: number;
  wrong: WrongCells[];
}

/** Objects and lists are not compared. */
function cellOf(value: unknown): CellValue | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function columnsOf(rows: readonly SampledEvent[]): string[] {
  const filled = new Map<string, number>();
  const nested = new Set<string>();
  for (const { props } of rows) {
    for (const [name, value] of Object.entries(props)) {
      if (cellOf(value) === undefined) nested.add(name);
      filled.set(name, (filled.get(name) ?? 0) + 1);
    }
  }
  return [...filled]
    .filter(([name]) => !nested.has(name))
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .slice(0, MOST_COLUMNS)
    .map(([name]) => name);
}

function checkEvent(event: string, all: readonly SampledEvent[]): CheckedCells {
  const sampled = all.slice(0, MOST_ROWS);
  const columns = columnsOf(sampled);
  const rows = sampled.map(({ props }) => columns.map((name) => cellOf(props[name]) ?? null));
  const checked = rows.length * columns.length;
  // Events that are alike in their properties are no repeats.
  const found = checkTable({ columns, rows }).flatMap(({ column, fault, row }) =>
    column === null || fault === "repeated" ? [] : [{ column, fault, row }],
  );
  const groups = Map.groupBy(found, ({ column, fault }) => JSON.stringify([column, fault]));
  const wrong = [...groups.values()].filter((cells) => cells.length >= LEAST_CELLS);
  return {
    event,
    checked,
    wrong: wrong.map((cells): WrongCells => {
      const { column, fault, row } = cells[0]!;
      const shape = exactShape(String(rows[row]![columns.indexOf(column)] ?? "")).slice(0, SHAPE_CHARS);
      const share = `${cells.length} of ${rows.length} values (${inPercent(cells.length / rows.length)})`;
      const made = fault === "missing" || shape === "" ? "" : `, one is made like ${shape}`;
      const reason = `${event} · ${column}: ${share} ${WORDS[fault]}${made}`;
      return { event, property: column, fault, checked: rows.length, wrong: cells.length, reason };
    }),
  };
}

/** Of each event that has enough rows and some property. */
export function checkCells(events: readonly SampledEvent[]): CheckedCells[] {
  const named = Map.groupBy(
    events.filter(({ props }) => Object.keys(props).length > 0),
    ({ name }) => name,
  );
  return [...named]
    .filter(([, rows]) => rows.length >= LEAST_ROWS)
    .sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))
    .slice(0, MOST_EVENTS)
    .map(([event, rows]) => checkEvent(event, rows));
}
