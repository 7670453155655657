// Events become columns, one at a time. A built batch is a snapshot: adding more events later does not change it, and
// building copies nothing.

import { EVENT_FIELDS, EVENT_TEXT_FIELDS, type Event, type PackedEvent } from "../domain/event.ts";
import {
  type Batch,
  batchFrom,
  byName,
  NUMBER_COLUMNS,
  OWN_ID,
  type PropertyColumn,
  TEXT_COLUMNS,
  type TextColumn,
} from "./columns.ts";

export type { Batch } from "./columns.ts";

export interface BatchBuilder {
  add(event: PackedEvent): void;
  build(): Batch;
  readonly length: number;
}

interface Growing<A> {
  push(value: number): void;
  view(): A;
}

const FIRST_CAPACITY = 256;

function growing<A extends Float64Array | Uint32Array>(make: (length: number) => A): Growing<A> {
  let values = make(FIRST_CAPACITY);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = make(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    view: () => values.subarray(0, length) as A, // subarray keeps the type
  };
}

const codeList = () => growing((length) => new Uint32Array(length));
const numberList = () => growing((length) => new Float64Array(length));

function textBuilder() {
  const codes = codeList();
  const dict: string[] = [];
  const codeOf = new Map<string, number>();
  let previous = "";
  let previousCode = -1;
  const add = (value: string) => {
    if (previousCode < 0 || value !== previous) {
      previous = value;
      previousCode = codeOf.get(value) ?? dict.length;
      if (previousCode === dict.length) {
        codeOf.set(value, previousCode);
        dict.push(value);
      }
    }
    codes.push(previousCode);
  };
  return { add, build: (): TextColumn => ({ codes: codes.view(), dict }) };
}

function propertyBuilder() {
  const rows = codeList();
  const values = textBuilder();
  return {
    add(row: number, json: string) {
      rows.push(row);
      values.add(json);
    },
    build: (): PropertyColumn => ({ ...values.build(), rows: rows.view() }),
  };
}

const positions = byName(EVENT_FIELDS, (field) => EVENT_FIELDS.indexOf(field));

function fieldOf<F extends keyof Event>(packed: PackedEvent, field: F): Event[F] | undefined {
  return packed[positions[field]] as Event[F] | undefined; // the position is the type; an older row may be shorter
}

function textOf(packed: PackedEvent, field: (typeof EVENT_TEXT_FIELDS)[number]): string {
  const value = fieldOf(packed, field) ?? "";
  const isOwn = field === "persistentId" && value !== "" && value === fieldOf(packed, "visitorId");
  return isOwn ? OWN_ID : value;
}

/** Columns that grow by one row per event. */
export function batchBuilder(): BatchBuilder {
  const at = numberList();
  const receivedAt = numberList();
  const text = byName(TEXT_COLUMNS, textBuilder);
  const numbers = byName(NUMBER_COLUMNS, numberList);
  const properties = new Map<string, ReturnType<typeof propertyBuilder>>();
  let length = 0;

  function addProperties(packed: PackedEvent): void {
    for (const [name, value] of Object.entries(fieldOf(packed, "props") ?? {})) {
      let column = properties.get(name);
      if (!column) {
        column = propertyBuilder();
        properties.set(name, column);
      }
      column.add(length, JSON.stringify(value));
    }
  }

  return {
    get length() {
      return length;
    },
    add(packed) {
      // Adding zero turns -0, which no column keeps, into 0.
      at.push((fieldOf(packed, "at") ?? 0) + 0);
      receivedAt.push((fieldOf(packed, "receivedAt") ?? 0) + 0);
      for (const field of EVENT_TEXT_FIELDS) text[field].add(textOf(packed, field));
      const revenue = fieldOf(packed, "revenue");
      const consent = fieldOf(packed, "consent");
      text.currency.add(revenue?.currency ?? "");
      text.consent.add(consent ? JSON.stringify(consent) : "");
      numbers.amount.push((revenue?.amount ?? 0) + 0);
      numbers.engagementMs.push((fieldOf(packed, "engagementMs") ?? 0) + 0);
      numbers.scrollDepth.push((fieldOf(packed, "scrollDepth") ?? 0) + 0);
      addProperties(packed);
      length++;
    },
    build: () =>
      batchFrom({
        at: at.view(),
        receivedAt: receivedAt.view(),
        text: byName(TEXT_COLUMNS, (name) => text[name].build()),
        numbers: byName(NUMBER_COLUMNS, (name) => numbers[name].view()),
        properties: new Map([...properties].map(([name, column]) => [name, column.build()])),
      }),
  };
}

/** Events as columns, rows in the given order. Event ids are not kept. */
export function batchOf(events: readonly PackedEvent[]): Batch {
  const builder = batchBuilder();
  for (const event of events) builder.add(event);
  return builder.build();
}
