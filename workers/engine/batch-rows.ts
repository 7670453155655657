// A batch by rows: put in another order, or turned back into events.

import { type Event, type PackedEvent, type Props, packEvent } from "../domain/event.ts";
import {
  type Batch,
  batchFrom,
  byName,
  EVENT_TEXT_FIELDS,
  NUMBER_COLUMNS,
  type PropertyColumn,
  TEXT_COLUMNS,
  textAt,
} from "./columns.ts";

function reorderProperty(column: PropertyColumn, order: Uint32Array): PropertyColumn {
  const entryOf = new Int32Array(order.length).fill(-1);
  for (let entry = 0; entry < column.rows.length; entry++) entryOf[column.rows[entry]!] = entry;
  const rows = new Uint32Array(column.rows.length);
  const codes = new Uint32Array(column.rows.length);
  let next = 0;
  for (let row = 0; row < order.length; row++) {
    const entry = entryOf[order[row]!]!;
    if (entry < 0) continue;
    rows[next] = row;
    codes[next++] = column.codes[entry]!;
  }
  return { rows, codes, dict: column.dict };
}

/** Row r of the result is row order[r] of the batch; `order` is a permutation of its rows. */
export function reorderBatch(batch: Batch, order: Uint32Array): Batch {
  const numbers = (values: Float64Array) => values.map((_, row) => values[order[row]!]!);
  return batchFrom({
    at: numbers(batch.at),
    receivedAt: numbers(batch.receivedAt),
    text: byName(TEXT_COLUMNS, (name) => {
      const { codes, dict } = batch.text(name);
      return { codes: order.map((row) => codes[row]!), dict };
    }),
    numbers: byName(NUMBER_COLUMNS, (name) => numbers(batch.number(name))),
    properties: new Map(batch.properties.map((name) => [name, reorderProperty(batch.property(name)!, order)])),
  });
}

/** Rows by visitor, then time, then receipt: a visitor's attributes become runs, which deflate well. Answers do not change. */
export function sortedByVisitor(batch: Batch): Batch {
  const { codes } = batch.text("visitorId");
  const { at, receivedAt } = batch;
  const order = Uint32Array.from({ length: batch.length }, (_, row) => row);
  order.sort((a, b) => codes[a]! - codes[b]! || at[a]! - at[b]! || receivedAt[a]! - receivedAt[b]! || a - b);
  return reorderBatch(batch, order);
}

function propsByRow(batch: Batch): Map<number, Props> {
  const entries = new Map<number, [string, Props[string]][]>();
  for (const name of batch.properties) {
    const { rows, codes, dict } = batch.property(name)!;
    rows.forEach((row, entry) => {
      const list = entries.get(row) ?? [];
      list.push([name, JSON.parse(dict[codes[entry]!]!)]);
      entries.set(row, list);
    });
  }
  return new Map([...entries].map(([row, list]) => [row, Object.fromEntries(list)]));
}

/** The batch's events, packed, in row order; their ids are "". Empty props come back as null. */
export function eventsOf(batch: Batch): PackedEvent[] {
  const props = propsByRow(batch);
  const [engagementMs, scrollDepth, amount] = NUMBER_COLUMNS.map((name) => batch.number(name));
  return Array.from({ length: batch.length }, (_, row) => {
    const currency = textAt(batch, "currency", row);
    const consent = textAt(batch, "consent", row);
    const event: Event = {
      ...byName(EVENT_TEXT_FIELDS, (field) => textAt(batch, field, row)),
      id: "",
      at: batch.at[row]!,
      receivedAt: batch.receivedAt[row]!,
      engagementMs: engagementMs![row]!,
      scrollDepth: scrollDepth![row]!,
      revenue: currency ? { amount: amount![row]!, currency } : null,
      props: props.get(row) ?? null,
      consent: consent ? JSON.parse(consent) : null,
    };
    return packEvent(event);
  });
}
