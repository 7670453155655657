import * as z from "zod";
import { MEASURES } from "../catalog/measure.ts";
import type { Filter } from "../domain/query.ts";
import { type Again, countAgain, countLasting } from "../engine/again.ts";
import { type GroupRow, groupBy } from "../engine/group-by.ts";
import type { View } from "../engine/view.ts";
import { defineAnalysis } from "./analysis.ts";
import { addRow, dimensionSchema, keyOf } from "./table.ts";

/** Counts in the order of MEASURES, and of the group's visitors those who were here before. */
export interface RolledRow extends GroupRow {
  again?: Again;
}

/** What a bucket's roll-up keeps of one panel: finished counts, no ids. */
export interface Rolled {
  rows: RolledRow[];
  /** Visitors whose id is not made anew each day; told of the panel without a dimension. */
  lasting: number;
}

const params = z.strictObject({
  dimension: dimensionSchema.nullable(),
  /** Starts of the days before that are looked back on, oldest first, and of the bucket's day; [] to look back on none. */
  dayStarts: z.array(z.number()),
});
type Params = z.infer<typeof params>;

function addAgain(a: Again = {}, b: Again = {}): Again {
  const sum = { ...a };
  for (const [days, count] of Object.entries(b)) sum[days] = (sum[days] ?? 0) + count;
  return sum;
}

export function addRolledRow(a: RolledRow, b: RolledRow): RolledRow {
  const row: RolledRow = addRow(a, b);
  return a.again || b.again ? { ...row, again: addAgain(a.again, b.again) } : row;
}

/** By key, of rolled tables that grow view by view. */
const rowsByKey = new WeakMap<Rolled, Map<string, RolledRow>>();

function addTo(state: Rolled, more: Rolled): Rolled {
  const rows = rowsByKey.get(state) ?? new Map(state.rows.map((row) => [keyOf(row.key), row]));
  for (const row of more.rows) {
    const key = keyOf(row.key);
    const known = rows.get(key);
    rows.set(key, known ? addRolledRow(known, row) : row);
  }
  const sum = { rows: [...rows.values()], lasting: state.lasting + more.lasting };
  rowsByKey.set(sum, rows);
  return sum;
}

async function read(view: View, { dimension, dayStarts }: Params, filters: readonly Filter[]): Promise<Rolled> {
  const dimensions = dimension === null ? [] : [dimension];
  const groups = await groupBy(view, { measures: MEASURES, dimensions, filters, goals: [] });
  const again = await countAgain(view, { dimension, dayStarts, filters });
  const rows = groups.map((row): RolledRow => {
    const own = again.get(row.key[0] ?? "");
    return own ? { ...row, again: own } : row;
  });
  return { rows, lasting: dimension === null ? await countLasting(view) : 0 };
}

const nothing = (): Rolled => ({ rows: [], lasting: 0 });

/** All measures of one bucket by one dimension, in a form from which runs of buckets add up. */
export const rollUp = defineAnalysis({
  name: "rollUp",
  label: "Roll-up",
  about: "All measures of one bucket of time, to be kept.",
  params,
  columns: ({ dimension }) => (dimension ? [dimension] : []),
  init: nothing,
  step: async (view, state, { params: own, filters }) => addTo(state, await read(view, own, filters)),
  merge: (a, b) => addTo({ ...a }, b),
  finish: ({ rows, lasting }) => ({
    rows: rows.toSorted((a, b) => (keyOf(a.key) < keyOf(b.key) ? -1 : 1)),
    lasting,
  }),
  shape: "table",
});
