import * as z from "zod";
import { PROPERTY_PREFIX } from "../catalog/dimensions/property.ts";
import { type Filter, filterSchema } from "../domain/query.ts";
import { matcherSchema } from "../domain/question.ts";
import { roundedSum } from "../engine/exact-sum.ts";
import { type GroupRow, groupBy } from "../engine/group-by.ts";
import { mergeNumbers, type Numbers, numbersOf } from "../engine/numbers.ts";
import { eventRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { asks, defineAnalysis } from "./analysis.ts";
import { propertiesSheet } from "./sheets.ts";
import { mergeTables } from "./table.ts";

/** Of the values that read as a number, whether sent as numbers or as text. */
export interface NumericSummary {
  count: number;
  sum: number;
  min: number;
  max: number;
  mean: number;
}

export interface PropertiesResult {
  /** Properties seen, or the one asked for; those of most events first. */
  properties: { name: string; events: number; numeric: NumericSummary | null }[];
  /** Values of the property asked for, the commonest first; null when none was. */
  values: {
    rows: { value: string; events: number; visitors: number }[];
    /** What the limit leaves out. */
    rest: { values: number; events: number };
  } | null;
}

interface SeenProperty {
  name: string;
  events: number;
  numbers: Numbers | null;
}

interface PropertiesPartial {
  seen: SeenProperty[];
  values: GroupRow[];
}

const propertySchema = z.string().min(1).max(120);

const asked = z.strictObject({
  /** The events whose properties are meant; all when left out. */
  of: matcherSchema.optional(),
  /** Lists the values of this one. */
  property: propertySchema.optional(),
  /** Values listed; the others are summed. */
  limit: z.int().min(1).max(10_000).default(100),
});

const params = z.strictObject({
  of: filterSchema.nullable(),
  property: propertySchema.nullable(),
  limit: z.int().min(1).max(10_000),
});
type Params = z.infer<typeof params>;

const ask = asks(
  asked,
  ({ of, property, limit }, question): Params => ({
    of: of ? question.matcher(of, "params.of") : null,
    property: property ?? null,
    limit,
  }),
);

async function seenIn(view: View, rows: Uint32Array, name: string): Promise<SeenProperty> {
  const { codes, dict } = await view.property(name);
  const { present, numbers } = await numbersOf({ rows, codes, dict }, view.pace);
  return { name, events: present, numbers };
}

async function read(view: View, own: Params, filters: readonly Filter[]): Promise<PropertiesPartial> {
  const chosen = own.of ? [...filters, own.of] : filters;
  const rows = await eventRows(view, chosen);
  const seen: SeenProperty[] = [];
  for (const name of own.property ? [own.property] : view.properties) seen.push(await seenIn(view, rows, name));
  const dimensions = own.property ? [PROPERTY_PREFIX + own.property] : [];
  const values = own.property
    ? await groupBy(view, { measures: ["events", "visitors"], dimensions, filters: chosen, goals: [] })
    : [];
  return {
    seen: seen.filter(({ events }) => events > 0),
    values: values.filter(({ key }) => key[0] !== ""),
  };
}

function merge(a: PropertiesPartial, b: PropertiesPartial): PropertiesPartial {
  const seen = new Map(a.seen.map((property) => [property.name, property]));
  for (const more of b.seen) {
    const known = seen.get(more.name);
    const events = more.events + (known?.events ?? 0);
    seen.set(more.name, { name: more.name, events, numbers: mergeNumbers(known?.numbers ?? null, more.numbers) });
  }
  return { seen: [...seen.values()], values: mergeTables({ rows: a.values }, { rows: b.values }).rows };
}

function summaryOf(numbers: Numbers | null): NumericSummary | null {
  if (!numbers) return null;
  const { count, min, max } = numbers;
  const sum = roundedSum(numbers.sum);
  return { count, sum, min, max, mean: sum / count };
}

function finish({ seen, values }: PropertiesPartial, { property, limit }: Params): PropertiesResult {
  const rows = values
    .map(({ key, counts }) => ({ value: key[0]!, events: counts[0]!, visitors: counts[1]! }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));
  const rest = rows.slice(limit);
  return {
    properties: seen
      .map(({ name, events, numbers }) => ({ name, events, numeric: summaryOf(numbers) }))
      .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1)),
    values: property
      ? {
          rows: rows.slice(0, limit),
          rest: { values: rest.length, events: rest.reduce((sum, { events }) => sum + events, 0) },
        }
      : null,
  };
}

/** Which properties events carry, how often, their figures, and the values of one. */
export const properties = defineAnalysis({
  name: "properties",
  label: "Properties",
  about: "Which properties events have, and their values.",
  params,
  columns: ({ property }) => (property ? [PROPERTY_PREFIX + property] : []),
  init: (): PropertiesPartial => ({ seen: [], values: [] }),
  step: async (view, state, { params: own, filters }) => merge(state, await read(view, own, filters)),
  merge,
  finish,
  shape: "properties",
  ask,
  sheet: propertiesSheet,
});
