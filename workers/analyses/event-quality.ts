// What the events of each name are like as data: how many came late or twice, and how many values their properties have.
import * as z from "zod";
import { addDistinct, addText, countOf, type Distinct, emptyDistinct } from "../engine/distinct.ts";
import { eventRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { defineAnalysis } from "./analysis.ts";

const HOUR_MS = 3_600_000;
/** Whoever sends twice does so at once: the same, of one visitor, within this time is a repeat. */
const REPEAT_MS = 1000;
/** Rows before it that an event is compared with. */
const LOOK_BACK = 20;
const ROW_WEIGHT = 10;

const params = z.strictObject({
  /** Only what was received then, milliseconds, the end left out; null for all. */
  received: z.strictObject({ from: z.number(), to: z.number() }).nullable().default(null),
});
type Params = z.infer<typeof params>;

export interface EventQuality {
  name: string;
  events: number;
  /** Received more than an hour after they happened. */
  late: number;
  /** The same in all that was sent as another of the same visitor, a second before at most. */
  repeated: number;
  /** Different values; exact up to 5,000, then estimated within 2 %. */
  distinct: Record<string, number>;
}

type Counted = Omit<EventQuality, "distinct"> & { values: Record<string, Distinct> };

interface QualityPartial {
  events: Counted[];
}

function mergeValues(a: Counted["values"], b: Counted["values"]): Counted["values"] {
  const all: Counted["values"] = {};
  for (const [name, one] of [...Object.entries(a), ...Object.entries(b)]) {
    const sum = all[name] ?? emptyDistinct();
    addDistinct(sum, one);
    all[name] = sum;
  }
  return all;
}

function merge(a: QualityPartial, b: QualityPartial): QualityPartial {
  const all = new Map<string, Counted>();
  for (const one of [...a.events, ...b.events]) {
    const known = all.get(one.name);
    const sum = known && {
      name: one.name,
      events: known.events + one.events,
      late: known.late + one.late,
      repeated: known.repeated + one.repeated,
      values: mergeValues(known.values, one.values),
    };
    all.set(one.name, sum ?? one);
  }
  return { events: [...all.values()].sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

type Numbered = ArrayLike<number>;

/** Whether one of the rows before is the same visitor's, within the time, and the same in every column. */
function repeats(view: View, row: number, columns: readonly Numbered[]): boolean {
  for (let other = row - 1; other >= Math.max(0, row - LOOK_BACK); other--) {
    if (view.visitor[other] !== view.visitor[row] || view.at[row]! - view.at[other]! > REPEAT_MS) return false;
    if (columns.every((column) => column[row] === column[other])) return true;
  }
  return false;
}

async function read(view: View, { received: within }: Params): Promise<QualityPartial> {
  const received = await view.number("receivedAt");
  const isWithin = (row: number) => !within || (received[row]! >= within.from && received[row]! < within.to);
  const rows = (await eventRows(view, [])).filter(isWithin);
  const names = await view.text("name");
  const properties = new Map<string, { codes: Uint32Array; dict: string[] }>();
  for (const name of view.properties) properties.set(name, await view.propertyJson(name));
  const sent = await Promise.all((["hostname", "path", "title", "referrer", "currency"] as const).map(view.text));
  const columns: Numbered[] = [names, ...sent, ...properties.values()].map(({ codes }) => codes);
  columns.push(await view.number("amount"));
  const events = new Map<number, Counted>();
  for (const row of rows) {
    const code = names.codes[row]!;
    const own = events.get(code) ?? { name: names.dict[code]!, events: 0, late: 0, repeated: 0, values: {} };
    own.events++;
    own.late += Number(received[row]! - view.at[row]! > HOUR_MS);
    own.repeated += Number(repeats(view, row, columns));
    events.set(code, own);
    const rest = view.pace.spend(ROW_WEIGHT);
    if (rest) await rest;
  }
  for (const [name, { codes, dict }] of properties) {
    const seen = new Map<number, Set<number>>();
    for (const row of rows) {
      if (dict[codes[row]!] === "") continue;
      const own = seen.get(names.codes[row]!) ?? new Set();
      seen.set(names.codes[row]!, own.add(codes[row]!));
    }
    for (const [code, values] of seen) {
      const distinct = emptyDistinct();
      for (const value of values) addText(distinct, dict[value]!);
      events.get(code)!.values[name] = distinct;
    }
    const rest = view.pace.spend(rows.length * 4);
    if (rest) await rest;
  }
  return merge({ events: [...events.values()] }, { events: [] });
}

/** Asked for by the checks of an hour and of a day. */
export const eventQuality = defineAnalysis({
  name: "eventQuality",
  label: "Events as data",
  about: "How many events of each name came late or twice, and how many values their properties have.",
  params,
  columns: () => [],
  init: (): QualityPartial => ({ events: [] }),
  step: async (view, state, { params: asked }) => merge(state, await read(view, asked)),
  merge,
  finish: ({ events }): EventQuality[] =>
    events.map(({ values, ...counts }) => {
      const distinct = Object.entries(values).map(([name, one]): [string, number] => [name, countOf(one)]);
      return { ...counts, distinct: Object.fromEntries(distinct.sort(([a], [b]) => (a < b ? -1 : 1))) };
    }),
  shape: "properties",
});
