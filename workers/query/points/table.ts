// The reply of Analytics Engine as the partial that a shard would have sent, with what is known about the sampling.

import { keyOf, type Table } from "../../analyses/table.ts";
import type { GroupRow } from "../../engine/group-by.ts";
import { MOST_ROWS, type PointsQuery } from "./build.ts";

/** One row by column name; 64-bit numbers come as text. */
export type PointsRow = Record<string, string | number>;

export interface Sampling {
  /** Points that were read. */
  points: number;
  /** Events that they stand for; as many when nothing was left out. */
  events: number;
}

export interface PointsAnswer {
  table: Table;
  sampling: Sampling;
  /** The smallest groups were cut off. */
  isCut: boolean;
}

function numberAt(row: PointsRow, column: string): number {
  const sent = row[column] ?? "";
  const value = sent === "" ? Number.NaN : Number(sent);
  if (!Number.isFinite(value)) throw new Error(`Analytics Engine sent no number as ${column}`);
  return value;
}

function keyAt(row: PointsRow, { keys, time }: PointsQuery): string[] {
  return Array.from({ length: keys }, (_, place) => {
    if (time?.place !== place) return String(row[`k${place}`] ?? "");
    const label = time.labels[numberAt(row, `k${place}`)];
    if (label === undefined) throw new Error(`Analytics Engine sent a time that is not in the period, as k${place}`);
    return label;
  });
}

function groupRow(row: PointsRow, query: PointsQuery): GroupRow {
  // Amounts are kept by currency, as in the shards.
  const counts = query.measures.map((measure) => (measure === "revenue" ? 0 : numberAt(row, measure)));
  const plain = { key: keyAt(row, query), counts };
  const currency = String(row.currency ?? "");
  return currency === "" ? plain : { ...plain, revenue: { [currency]: numberAt(row, "revenue") } };
}

function add(known: GroupRow, more: GroupRow): GroupRow {
  const counts = known.counts.map((count, index) => count + more.counts[index]!);
  const revenue = { ...known.revenue, ...more.revenue };
  return { key: known.key, counts, ...(Object.keys(revenue).length > 0 ? { revenue } : {}) };
}

/** The answer to `query`; rows of one group in several currencies become one. */
export function pointsAnswer(query: PointsQuery, rows: readonly PointsRow[]): PointsAnswer {
  const groups = new Map<string, GroupRow>();
  const sampling: Sampling = { points: 0, events: 0 };
  for (const row of rows) {
    const points = numberAt(row, "points");
    // Without GROUP BY nothing is a row too.
    if (points === 0) continue;
    sampling.points += points;
    sampling.events += numberAt(row, "weight");
    const group = groupRow(row, query);
    const key = keyOf(group.key);
    const known = groups.get(key);
    groups.set(key, known ? add(known, group) : group);
  }
  return { table: { rows: [...groups.values()] }, sampling, isCut: rows.length >= MOST_ROWS };
}
