// What the properties of each event look like: of which types, how often there, from which few values.
import * as z from "zod";
import { inChunks } from "../engine/pace.ts";
import { eventRows } from "../engine/selection.ts";
import type { View, ViewColumn } from "../engine/view.ts";
import { defineAnalysis } from "./analysis.ts";

/** More different values than this are no list to choose from. */
export const FEW_VALUES = 20;
const VALUE_CHARS = 100;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const EMPTY: readonly string[] = ['""', "null", "[]", "{}"];

export interface PropertyShape {
  name: string;
  /** Events that have it, and those of them in which it is "", null, [] or {}. */
  events: number;
  empty: number;
  /** Events by the type of the value: `string`, `date-time`, `integer`, `number`, `boolean`, `object`, `array<…>`. */
  types: Record<string, number>;
  /** Different texts, sorted; null when there are many, or long ones. */
  values: string[] | null;
  min: number | null;
  max: number | null;
}

export interface EventShape {
  name: string;
  events: number;
  properties: PropertyShape[];
}

interface ShapesPartial {
  events: EventShape[];
}

interface Known {
  type: string;
  isEmpty: boolean;
  text: string | null;
  number: number | null;
}

function typeOf(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string")
    return DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)) ? "date-time" : "string";
  if (!Array.isArray(value)) return typeof value;
  const types = [...new Set(value.map(typeOf))].sort();
  if (types.length === 0) return "array";
  if (types.length === 1) return `array<${types[0]}>`;
  return types.join() === "integer,number" ? "array<number>" : "array<string>";
}

function known(json: string): Known {
  const value: unknown = JSON.parse(json);
  return {
    type: typeOf(value),
    isEmpty: EMPTY.includes(json),
    text: typeof value === "string" ? value : null,
    number: typeof value === "number" ? value : null,
  };
}

const noProperty = (name: string): PropertyShape => ({
  name,
  events: 0,
  empty: 0,
  types: {},
  values: [],
  min: null,
  max: null,
});

const least = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b));
const most = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));

function few(values: Iterable<string>): string[] | null {
  const different = [...new Set(values)].sort();
  return different.length > FEW_VALUES ? null : different;
}

function mergeProperty(a: PropertyShape, b: PropertyShape): PropertyShape {
  const types = { ...a.types };
  for (const [type, count] of Object.entries(b.types)) types[type] = (types[type] ?? 0) + count;
  return {
    name: a.name,
    events: a.events + b.events,
    empty: a.empty + b.empty,
    types,
    values: a.values && b.values && few([...a.values, ...b.values]),
    min: least(a.min, b.min),
    max: most(a.max, b.max),
  };
}

/** Lists of the same names become one. */
function mergeNamed<Named extends { name: string }>(
  lists: readonly Named[],
  merge: (a: Named, b: Named) => Named,
): Named[] {
  const all = new Map<string, Named>();
  for (const one of lists) {
    const same = all.get(one.name);
    all.set(one.name, same ? merge(same, one) : one);
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const mergeEvent = (a: EventShape, b: EventShape): EventShape => ({
  name: a.name,
  events: a.events + b.events,
  properties: mergeNamed([...a.properties, ...b.properties], mergeProperty),
});

const merge = (a: ShapesPartial, b: ShapesPartial): ShapesPartial => ({
  events: mergeNamed([...a.events, ...b.events], mergeEvent),
});

/** How often each pair of codes stands in a row together. */
async function pairsOf(view: View, rows: Uint32Array, [a, b]: readonly [ViewColumn, ViewColumn]) {
  const counts = new Map<number, number>();
  const width = b.dict.length;
  const count = (start: number, end: number) => {
    for (let at = start; at < end; at++) {
      const row = rows[at]!;
      const pair = a.codes[row]! * width + b.codes[row]!;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  };
  await inChunks(rows.length, count, { pace: view.pace, weight: 4 });
  return [...counts].map(([pair, events]) => ({ a: Math.floor(pair / width), b: pair % width, events }));
}

function counted(name: string, values: readonly { known: Known; events: number }[]): PropertyShape {
  const shape = noProperty(name);
  const texts = new Set<string>();
  let isLong = false;
  for (const { known: value, events } of values) {
    shape.events += events;
    if (value.isEmpty) shape.empty += events;
    else shape.types[value.type] = (shape.types[value.type] ?? 0) + events;
    shape.min = least(shape.min, value.number);
    shape.max = most(shape.max, value.number);
    if (value.text !== null && value.text !== "") texts.add(value.text);
    isLong ||= (value.text?.length ?? 0) > VALUE_CHARS;
  }
  shape.values = isLong ? null : few(texts);
  return shape;
}

async function read(view: View): Promise<ShapesPartial> {
  const rows = await eventRows(view, []);
  const names = await view.text("name");
  const events = new Map<number, EventShape>();
  await inChunks(
    rows.length,
    (start, end) => {
      for (let at = start; at < end; at++) {
        const code = names.codes[rows[at]!]!;
        const event = events.get(code) ?? { name: names.dict[code]!, events: 0, properties: [] };
        event.events++;
        events.set(code, event);
      }
    },
    { pace: view.pace, weight: 2 },
  );
  for (const property of view.properties) {
    const column = await view.propertyJson(property);
    const types = column.dict.map((json) => (json === "" ? null : known(json)));
    const pairs = (await pairsOf(view, rows, [names, column])).filter(({ b }) => types[b] !== null);
    for (const [code, own] of Map.groupBy(pairs, ({ a }) => a)) {
      const values = own.map(({ b, events }) => ({ known: types[b]!, events }));
      events.get(code)!.properties.push(counted(property, values));
    }
  }
  return { events: mergeNamed([...events.values()], mergeEvent) };
}

/** Asked for by the tracking plan: what was seen, to compare with what was planned. */
export const propertyShapes = defineAnalysis({
  name: "propertyShapes",
  label: "Shapes of properties",
  about: "Which properties each event has, of which types, and how often.",
  params: z.strictObject({}),
  columns: () => [],
  init: (): ShapesPartial => ({ events: [] }),
  step: async (view, state) => merge(state, await read(view)),
  merge,
  finish: ({ events }): EventShape[] => events,
  shape: "properties",
});
