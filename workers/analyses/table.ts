// The partial and result of every analysis that counts groups: rows by key, merged by addition.

import * as z from "zod";
import { dimensionOf } from "../catalog/dimensions/index.ts";
import { MEASURES } from "../catalog/measure.ts";
import { type Filter, filterSchema } from "../domain/query.ts";
import { type GroupRequest, type GroupRow, groupBy } from "../engine/group-by.ts";
import type { View } from "../engine/view.ts";

export interface Table {
  rows: GroupRow[];
}

export const dimensionSchema = z
  .string()
  .refine((name) => dimensionOf(name) !== undefined, "is not a dimension of the catalogue");

const goalSchema = z.strictObject({ name: z.string(), filter: filterSchema });

/** `measures`: in the order of each row's counts. `goals`: what `event:goal` groups by. */
export const tableParams = {
  measures: z.array(z.enum(MEASURES)).min(1),
  goals: z.array(goalSchema).default([]),
};

export function emptyTable(): Table {
  return { rows: [] };
}

function addRevenue(a: Record<string, number> = {}, b: Record<string, number> = {}): Record<string, number> {
  const sums = { ...a };
  for (const [currency, amount] of Object.entries(b)) sums[currency] = (sums[currency] ?? 0) + amount;
  return sums;
}

export function addRow(a: GroupRow, b: GroupRow): GroupRow {
  const row: GroupRow = { key: a.key, counts: a.counts.map((count, index) => count + b.counts[index]!) };
  return a.revenue || b.revenue ? { ...row, revenue: addRevenue(a.revenue, b.revenue) } : row;
}

export function keyOf(key: readonly string[]): string {
  return key.length === 1 ? key[0]! : JSON.stringify(key);
}

export function mergeTables(a: Table, b: Table): Table {
  if (a.rows.length === 0) return b;
  const rows = new Map(a.rows.map((row) => [keyOf(row.key), row]));
  for (const row of b.rows) {
    const key = keyOf(row.key);
    const known = rows.get(key);
    rows.set(key, known ? addRow(known, row) : row);
  }
  return { rows: [...rows.values()] };
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < a.length; index++) {
    if (a[index]! !== b[index]!) return a[index]! < b[index]! ? -1 : 1;
  }
  return 0;
}

/** Rows in order of key, so that equal answers look equal. */
export function finishTable({ rows }: Table): Table {
  return { rows: rows.toSorted((a, b) => compareKeys(a.key, b.key)) };
}

/** Rows by key of tables that grow view by view. */
const rowsByKey = new WeakMap<Table, Map<string, GroupRow>>();

function addInPlace(row: GroupRow, more: GroupRow): void {
  for (let index = 0; index < row.counts.length; index++) row.counts[index]! += more.counts[index]!;
  if (more.revenue) row.revenue = addRevenue(row.revenue, more.revenue);
}

/** Adds the groups of the view to `state`, in place. */
export async function addGroups(
  view: View,
  state: Table,
  request: Omit<GroupRequest, "filters"> & { filters: readonly Filter[] },
): Promise<Table> {
  const groups = await groupBy(view, request);
  const rows = rowsByKey.get(state) ?? new Map(state.rows.map((row) => [keyOf(row.key), row]));
  rowsByKey.set(state, rows);
  for (const group of groups) {
    const key = keyOf(group.key);
    const known = rows.get(key);
    if (known) addInPlace(known, group);
    else {
      rows.set(key, group);
      state.rows.push(group);
    }
  }
  return state;
}
