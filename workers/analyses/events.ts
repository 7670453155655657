import * as z from "zod";
import { EVENT_TEXT_FIELDS } from "../domain/event.ts";
import { OWN_ID } from "../engine/columns.ts";
import type { View, ViewColumn } from "../engine/view.ts";
import { defineAnalysis } from "./analysis.ts";

type Cell = string | number | null;

/** Columns of a raw event: times in milliseconds; text "" and numbers null for none; `props` and `consent` are JSON. */
export const EVENT_COLUMNS = [
  "at",
  "receivedAt",
  "sessionStart",
  ...EVENT_TEXT_FIELDS,
  "engagementMs",
  "scrollDepth",
  "amount",
  "currency",
  "consent",
  "props",
] as const;

interface EventsPartial {
  /** In the order of EVENT_COLUMNS. */
  rows: Cell[][];
}

type Reader = (row: number) => Cell;

const textReader =
  ({ codes, dict }: ViewColumn): Reader =>
  (row) =>
    dict[codes[row]!]!;

async function persistentReader(view: View): Promise<Reader> {
  const own = await view.text("visitorId");
  const { codes, dict } = await view.text("persistentId");
  return (row) => {
    const value = dict[codes[row]!]!;
    return value === OWN_ID ? own.dict[own.codes[row]!]! : value;
  };
}

async function propsReader(view: View): Promise<Reader> {
  const columns: { name: string; column: ViewColumn }[] = [];
  for (const name of view.properties)
    columns.push({ name: JSON.stringify(name), column: await view.propertyJson(name) });
  return (row) => {
    const pairs = columns.flatMap(({ name, column: { codes, dict } }) => {
      const json = dict[codes[row]!]!;
      return json === "" ? [] : `${name}:${json}`;
    });
    return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
  };
}

/** Readers of all columns, in their order. */
async function readersOf(view: View): Promise<Reader[]> {
  const received = await view.number("receivedAt");
  const engagement = await view.number("engagementMs");
  const depth = await view.number("scrollDepth");
  const amount = await view.number("amount");
  const currency = textReader(await view.text("currency"));
  const { ofRow, start } = view.sessions;
  const texts: Reader[] = [];
  for (const name of EVENT_TEXT_FIELDS) {
    texts.push(name === "persistentId" ? await persistentReader(view) : textReader(await view.text(name)));
  }
  return [
    (row) => view.at[row]!,
    (row) => received[row]!,
    (row) => start[ofRow[row]!] ?? null,
    ...texts,
    (row) => engagement[row] || null,
    (row) => depth[row] || null,
    (row) => (currency(row) === "" ? null : amount[row]!),
    currency,
    textReader(await view.text("consent")),
    await propsReader(view),
  ];
}

/** A row with all its columns, in units of `Pace`. */
const ROW_WEIGHT = 100;

/** Rows as they are, by visitor, then time. Asked for visitors of a narrow range at a time, since all come in one reply. */
export const events = defineAnalysis({
  name: "events",
  label: "Raw events",
  about: "Every event of the period as it is kept.",
  params: z.strictObject({}),
  columns: () => [...EVENT_COLUMNS],
  init: (): EventsPartial => ({ rows: [] }),
  async step(view, state) {
    const { from, to } = view.period;
    const readers = await readersOf(view);
    for (let row = 0; row < view.length; row++) {
      if (view.at[row]! >= from && view.at[row]! < to) state.rows.push(readers.map((read) => read(row)));
      const rest = view.pace.spend(ROW_WEIGHT);
      if (rest) await rest;
    }
    return state;
  },
  merge: (a, b) => ({ rows: [...a.rows, ...b.rows] }),
  finish: ({ rows }) => {
    const [at, visitor] = [EVENT_COLUMNS.indexOf("at"), EVENT_COLUMNS.indexOf("visitorId")];
    const order = (a: Cell[], b: Cell[]) =>
      a[visitor]! < b[visitor]! ? -1 : a[visitor]! > b[visitor]! ? 1 : Number(a[at]) - Number(b[at]);
    return { rows: rows.toSorted(order) };
  },
  shape: "table",
});
