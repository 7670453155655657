// JSON lines: an object a line. Objects within, but for `props` and `properties`, are read as `outer.inner` columns.

import { mappingFor } from "../mapping.ts";
import { type Position, recordReader } from "../record-event.ts";
import type { ReadChoices, Reader, Row } from "../row.ts";
import { splitLines, type TextLine } from "../split-lines.ts";
import { isRecord, type TableRecord } from "../table-record.ts";
import { shareOf } from "./access-log.ts";

type ToRow = (record: TableRecord, position: Position) => Row;

/** The columns that must be there are sought in the first stretch of the file, about 64 KB; others may come later. */
export const jsonl: Reader = {
  label: "JSON lines",
  fits: (head) => shareOf(head, (line) => objectOf(line) !== null),
  async *read(text, choices) {
    const columns = new Set<string>();
    let toRow: ToRow | null = null;
    for await (const lines of splitLines(text)) {
      const items = lines.filter((line) => line.text.trim() !== "").map(parsedLine);
      if (learnColumns(items, columns)) toRow = columnReader(columns, choices);
      yield items.map((item) => lineRow(item, toRow));
    }
  },
};

interface ParsedLine {
  number: number;
  /** Null when the line is no object. */
  record: TableRecord | null;
}

function parsedLine({ text, number }: TextLine): ParsedLine {
  const record = objectOf(text);
  return { number, record: record === null ? null : flattened(record) };
}

/** True when there was a column not seen before. */
function learnColumns(items: readonly ParsedLine[], columns: Set<string>): boolean {
  const before = columns.size;
  for (const { record } of items) for (const column of Object.keys(record ?? {})) columns.add(column);
  return columns.size > before;
}

function columnReader(columns: ReadonlySet<string>, choices: ReadChoices): ToRow {
  return recordReader({ ...choices, mapping: mappingFor([...columns], choices.mapping) });
}

function lineRow({ record, number }: ParsedLine, toRow: ToRow | null): Row {
  if (record !== null && toRow !== null) return toRow(record, { line: number - 1, fileLine: number });
  return { kind: "unparsable", fileLine: number, reason: "the line is no JSON object" };
}

function objectOf(text: string): TableRecord | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function flattened(record: TableRecord): TableRecord {
  const flat: TableRecord = {};
  for (const [key, value] of Object.entries(record)) {
    if (!isRecord(value) || key === "props" || key === "properties") flat[key] = value;
    else for (const [inner, innerValue] of Object.entries(value)) flat[`${key}.${inner}`] = innerValue;
  }
  return flat;
}
