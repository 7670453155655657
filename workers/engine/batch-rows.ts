// A batch by rows: put in the order that scans want, or turned back into events.

import { EVENT_TEXT_FIELDS, type Event, type PackedEvent, type Props, packEvent } from "../domain/event.ts";
import {
  type Batch,
  batchFrom,
  byName,
  type Codes,
  NUMBER_COLUMNS,
  type PropertyColumn,
  rangeOf,
  type SortedBatch,
  TEXT_COLUMNS,
  type TextColumn,
  textAt,
  type VisitorIndex,
} from "./columns.ts";
import { keyOfVisitor } from "./visitor-key.ts";

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

function reorderCodes(codes: Codes, order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length);
  for (let row = 0; row < order.length; row++) out[row] = codes[order[row]!]!;
  return out;
}

function reorderNumbers(values: Float64Array, order: Uint32Array): Float64Array {
  const out = new Float64Array(order.length);
  for (let row = 0; row < order.length; row++) out[row] = values[order[row]!]!;
  return out;
}

/** Row r of the result is row order[r] of the batch; `order` is a permutation of its rows. */
function reorderBatch(batch: Batch, order: Uint32Array, visitorId: TextColumn): Batch {
  return batchFrom({
    at: reorderNumbers(batch.at, order),
    receivedAt: reorderNumbers(batch.receivedAt, order),
    text: byName(TEXT_COLUMNS, (name) => {
      if (name === "visitorId") return visitorId;
      const { codes, dict } = batch.text(name);
      return { codes: reorderCodes(codes, order), dict };
    }),
    numbers: byName(NUMBER_COLUMNS, (name) => reorderNumbers(batch.number(name), order)),
    properties: new Map(batch.properties.map((name) => [name, reorderProperty(batch.property(name)!, order)])),
  });
}

interface Ranked {
  /** The visitors' ids in order of key, and their keys. */
  ids: string[];
  high: Uint32Array;
  low: Uint32Array;
  /** The place in that order of each code; that of codes which no row uses means nothing. */
  rankOf: Uint32Array;
}

/** Snapshots share a longer dictionary, so only the codes in use are ranked. */
function ranked({ codes, dict }: TextColumn): Ranked {
  const used = new Uint8Array(dict.length);
  for (let row = 0; row < codes.length; row++) used[codes[row]!] = 1;
  const entries: { id: string; code: number; high: number; low: number }[] = [];
  for (let code = 0; code < dict.length; code++) {
    if (used[code] === 1) entries.push({ id: dict[code]!, code, ...keyOfVisitor(dict[code]!) });
  }
  entries.sort((a, b) => a.high - b.high || a.low - b.low || (a.id < b.id ? -1 : 1));
  const rankOf = new Uint32Array(dict.length);
  entries.forEach(({ code }, rank) => {
    rankOf[code] = rank;
  });
  return {
    ids: entries.map(({ id }) => id),
    high: Uint32Array.from(entries, ({ high }) => high),
    low: Uint32Array.from(entries, ({ low }) => low),
    rankOf,
  };
}

/** Rows by visitor's rank in order of arrival, and where each visitor's begin. */
function arranged(codes: Codes, { ids, rankOf }: Ranked): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(ids.length + 1);
  for (let row = 0; row < codes.length; row++) starts[rankOf[codes[row]!]! + 1]! += 1;
  for (let rank = 0; rank < ids.length; rank++) starts[rank + 1]! += starts[rank]!;
  const next = starts.slice();
  const order = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) order[next[rankOf[codes[row]!]!]!++] = row;
  return { order, starts };
}

function sortWithin(order: Uint32Array, starts: Uint32Array, { at, receivedAt }: Batch): void {
  const compare = (a: number, b: number) => at[a]! - at[b]! || receivedAt[a]! - receivedAt[b]! || a - b;
  for (let rank = 0; rank + 1 < starts.length; rank++) {
    for (let place = starts[rank]! + 1; place < starts[rank + 1]!; place++) {
      if (compare(order[place - 1]!, order[place]!) <= 0) continue;
      order.subarray(starts[rank]!, starts[rank + 1]!).sort(compare);
      break;
    }
  }
}

/** Each row's visitor by number. */
export function visitorOfRows({ starts }: Pick<VisitorIndex, "starts">): Uint32Array {
  const of = new Uint32Array(starts.at(-1) ?? 0);
  for (let visitor = 0; visitor + 1 < starts.length; visitor++)
    of.fill(visitor, starts[visitor]!, starts[visitor + 1]!);
  return of;
}

/** The rows by visitor's key, then time, then receipt, then arrival: a visitor's attributes become runs, which deflate well. */
export function sortedByVisitor(batch: Batch): SortedBatch {
  const column = batch.text("visitorId");
  const ranks = ranked(column);
  const { order, starts } = arranged(column.codes, ranks);
  sortWithin(order, starts, batch);
  const visitorId = { codes: visitorOfRows({ starts }), dict: ranks.ids };
  const sorted = reorderBatch(batch, order, visitorId);
  return { ...sorted, visitors: { high: ranks.high, low: ranks.low, starts }, range: rangeOf(ranks) };
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
