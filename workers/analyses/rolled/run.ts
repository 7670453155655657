// Roll-ups of neighbouring buckets as one: each visitor is counted in the first of them.

import {
  ENGAGEMENT_MEASURES,
  EVENT_MEASURES,
  MEASURES,
  type Measure,
  SESSION_MEASURES,
} from "../../catalog/measure.ts";
import type { Again } from "../../engine/again.ts";
import type { GroupRow } from "../../engine/group-by.ts";
import { addRolledRow, type Rolled, type RolledRow } from "../roll-up.ts";
import { keyOf, type Table } from "../table.ts";

/** Measures that do not add up over buckets: of these only a single bucket tells. */
const NOT_ADDITIVE: readonly Measure[] = ["engagedVisits", "scrollDepth", "scrolledVisitors"];

export function addsUp(measures: readonly Measure[]): boolean {
  return !measures.some((measure) => NOT_ADDITIVE.includes(measure));
}

const VISITORS = MEASURES.indexOf("visitors");

/** A bucket's roll-up, and on which day it begins, counted from any day. */
export interface Bucketed {
  rolled: Rolled;
  day: number;
}

/** Visitors who were in the run before this bucket, `behind` days and less before it. */
function seenWithin(again: Again | undefined, behind: number): number {
  let seen = 0;
  for (const [days, count] of Object.entries(again ?? {})) if (Number(days) <= behind) seen += count;
  return seen;
}

/** The days before the bucket's as days before the run's; none of those that lie in the run. */
function beforeRun(again: Again | undefined, behind: number): Again | null {
  const left = Object.entries(again ?? {}).filter(([days]) => Number(days) > behind);
  return left.length === 0 ? null : Object.fromEntries(left.map(([days, count]) => [Number(days) - behind, count]));
}

function asPartOfRun(row: RolledRow, behind: number): RolledRow {
  const counts = row.counts.with(VISITORS, row.counts[VISITORS]! - seenWithin(row.again, behind));
  const again = beforeRun(row.again, behind);
  const plain: RolledRow = row.revenue ? { key: row.key, counts, revenue: row.revenue } : { key: row.key, counts };
  return again ? { ...plain, again } : plain;
}

/** The roll-up of the run that begins on day `first`; buckets in any order, each once. */
export function rolledRun(buckets: readonly Bucketed[], first: number): Rolled {
  const rows = new Map<string, RolledRow>();
  let lasting = 0;
  for (const { rolled, day } of buckets) {
    lasting += rolled.lasting;
    for (const one of rolled.rows) {
      const row = asPartOfRun(one, day - first);
      const key = keyOf(row.key);
      const known = rows.get(key);
      rows.set(key, known ? addRolledRow(known, row) : row);
    }
  }
  return { rows: [...rows.values()], lasting };
}

/** By what each pass of a group-by tells that a group is there at all. */
const MARKS = [
  { of: [...EVENT_MEASURES, "revenue"], mark: MEASURES.indexOf("events") },
  { of: SESSION_MEASURES, mark: MEASURES.indexOf("visits") },
  { of: ENGAGEMENT_MEASURES, mark: MEASURES.indexOf("engagedVisits") },
] satisfies { of: readonly Measure[]; mark: number }[];

/** Of a roll-up the measures asked for, as the other analyses count them. */
export function tableOf({ rows }: Rolled, measures: readonly Measure[]): Table {
  const places = measures.map((measure) => MEASURES.indexOf(measure));
  const asked: readonly string[] = measures;
  const marks = MARKS.flatMap(({ of, mark }) => (of.some((measure) => asked.includes(measure)) ? [mark] : []));
  const present = rows.filter(({ counts }) => marks.some((mark) => counts[mark]! > 0));
  return {
    rows: present.map(({ key, counts, revenue }): GroupRow => {
      const own = { key, counts: places.map((place) => (MEASURES[place] === "revenue" ? 0 : counts[place]!)) };
      return revenue && measures.includes("revenue") ? { ...own, revenue } : own;
    }),
  };
}
