// Some rows of a batch, as a batch of their own.

import { inRange, leadOf, type VisitorRange } from "../domain/shard.ts";
import { type Batch, batchFrom, byName, NUMBER_COLUMNS, type PropertyColumn, TEXT_COLUMNS } from "./columns.ts";

function partOfProperty(column: PropertyColumn, rows: Uint32Array): PropertyColumn {
  const kept: number[] = [];
  const codes: number[] = [];
  let entry = 0;
  for (let row = 0; row < rows.length; row++) {
    while (entry < column.rows.length && column.rows[entry]! < rows[row]!) entry++;
    if (column.rows[entry] !== rows[row]) continue;
    kept.push(row);
    codes.push(column.codes[entry]!);
  }
  return { rows: Uint32Array.from(kept), codes: Uint32Array.from(codes), dict: column.dict };
}

/** The given rows, which ascend; dictionaries are shared with the whole batch. */
export function partOf(batch: Batch, rows: Uint32Array): Batch {
  const numbers = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return batchFrom({
    at: numbers(batch.at),
    receivedAt: numbers(batch.receivedAt),
    text: byName(TEXT_COLUMNS, (name) => {
      const { codes, dict } = batch.text(name);
      return { codes: Uint32Array.from(rows, (row) => codes[row]!), dict };
    }),
    numbers: byName(NUMBER_COLUMNS, (name) => numbers(batch.number(name))),
    properties: new Map(
      batch.properties.flatMap((name) => {
        const column = partOfProperty(batch.property(name)!, rows);
        return column.rows.length > 0 ? [[name, column]] : [];
      }),
    ),
  });
}

/** Rows of the visitors that pass, ascending. */
export function rowsOfVisitors(batch: Batch, passes: (visitorId: string) => boolean): Uint32Array {
  const { codes, dict } = batch.text("visitorId");
  const chosen = dict.map(passes);
  const rows = new Uint32Array(batch.length);
  let count = 0;
  for (let row = 0; row < batch.length; row++) if (chosen[codes[row]!]) rows[count++] = row;
  return rows.subarray(0, count);
}

/** Rows of the visitors in a range, ascending. */
export const rowsInRange = (batch: Batch, range: VisitorRange): Uint32Array =>
  rowsOfVisitors(batch, (visitorId) => inRange(leadOf(visitorId), range));
