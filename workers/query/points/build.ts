// A request for totals, a time series or a breakdown as one statement for Analytics Engine, with every figure weighted by the
// number of points that each kept one stands for. What points cannot answer is refused with the reason.

import { analyses } from "../../analyses/index.ts";
import { type Measure, REVENUE_SCALE } from "../../catalog/measure.ts";
import { ENGAGEMENT, PAGEVIEW } from "../../domain/event.ts";
import { bucketsOf, GRAINS } from "../../domain/period.ts";
import { POINTS_DATASET, pointIndex } from "../../domain/point.ts";
import type { ScanRequest } from "../../engine/scan.ts";
import { bucketNumber } from "./bucket.ts";
import { pointText } from "./dimension.ts";
import { filterSql } from "./filter.ts";
import { blob, double, integer, isRefused, joined, literal, type Refused, type Sql, table } from "./literal.ts";

/** Analytics Engine keeps points for three months. */
const KEPT_MS = 89 * 86_400_000;
/** An event may say that it happened five minutes after it was received; points are stamped when they are written. */
const AHEAD_SECONDS = 600;
/** The largest groups first; more than this no isolate should hold. */
export const MOST_ROWS = 50_000;
/** What ClickHouse parses, with room to spare. */
const MOST_CHARACTERS = 200_000;

export interface PointsQuery {
  sql: string;
  /** Names of the reply's columns: `k0` … for the key, `currency` when revenue is asked, the measures, `points`, `weight`. */
  columns: string[];
  measures: Measure[];
  /** How many of the columns are the key. */
  keys: number;
  /** Which of them, if any, is the number of a bucket, and the buckets' labels. */
  time: { place: number; labels: string[] } | null;
}

interface Groups {
  measures: Measure[];
  dimensions: string[];
}

const isEvent = `${blob("name")} <> ${literal(ENGAGEMENT)}`;
const isPayment = `${isEvent} AND ${blob("currency")} <> ''`;
/** Rounds halves up, as the shards do; `round` would take them to the even neighbour. */
const rounded = (value: string) => `floor(${value} + 0.5)`;

/** Those that need no visits and no visitors. Revenue in ten-thousandths. */
const SUMS: Partial<Record<Measure, string>> = {
  events: `sumIf(_sample_interval, ${isEvent})`,
  pageviews: `sumIf(_sample_interval, ${blob("name")} = ${literal(PAGEVIEW)})`,
  payments: `sumIf(_sample_interval, ${isPayment})`,
  revenue: `sumIf(_sample_interval * ${rounded(`${double("amount")} * ${REVENUE_SCALE}`)}, ${isPayment})`,
  engagement: `sumIf(_sample_interval * ${rounded(double("engagementMs"))}, ${blob("name")} = ${literal(ENGAGEMENT)})`,
};

function groupsOf({ analysis, params }: ScanRequest): Groups | Refused {
  if (analysis === "totals") return { measures: analyses.totals.params.parse(params).measures, dimensions: [] };
  if (analysis === "timeseries") {
    const { measures, grain } = analyses.timeseries.params.parse(params);
    return { measures, dimensions: [`time:${grain}`] };
  }
  if (analysis === "breakdown") return analyses.breakdown.params.parse(params);
  return { refused: `${analysis} follows people, and points know none` };
}

interface Key {
  sql: string;
  labels?: string[];
}

function keyOf(name: string, { from, to, timeZone }: ScanRequest): Key | Refused {
  const grain = GRAINS.find((one) => name === `time:${one}`);
  if (!grain) {
    const text = pointText(name);
    return isRefused(text) ? text : { sql: blob(text.field) };
  }
  const buckets = bucketsOf(from, to, grain, timeZone);
  const starts = buckets.map(({ start }) => start);
  return { sql: bucketNumber(double("at"), starts, to), labels: buckets.map(({ label }) => label) };
}

/** Which rows count at all, so that a group is there when something was counted in it. */
function kinds(measures: readonly Measure[]): Sql[] {
  const attention = measures.includes("engagement");
  if (!attention) return [{ sql: isEvent }];
  return measures.every((measure) => measure === "engagement") ? [{ sql: `NOT (${isEvent})` }] : [];
}

function whereSql(request: ScanRequest, siteId: string, measures: readonly Measure[]): Sql {
  const { from, to, filters } = request;
  const at = double("at");
  return joined(
    [
      { sql: `index1 = ${literal(pointIndex(siteId))}` },
      { sql: `timestamp >= toDateTime(${integer(Math.max(0, Math.floor(from / 1000) - AHEAD_SECONDS))})` },
      { sql: `${at} >= ${integer(from)} AND ${at} < ${integer(to)}` },
      ...kinds(measures),
      ...filters.map(filterSql),
    ],
    "AND",
  );
}

interface Column {
  name: string;
  sql: string;
}

function statement(columns: readonly Column[], groups: readonly string[], where: string): string {
  const lines = [
    `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${name}`).join(", ")}`,
    `FROM ${table(POINTS_DATASET)}`,
    `WHERE ${where}`,
    ...(groups.length > 0 ? [`GROUP BY ${groups.join(", ")}`] : []),
    `ORDER BY weight DESC LIMIT ${MOST_ROWS}`,
    "FORMAT JSON",
  ];
  return lines.join("\n");
}

/** `now` in milliseconds. */
export function pointsQuery(request: ScanRequest, site: { siteId: string; now: number }): PointsQuery | Refused {
  const groups = groupsOf(request);
  if (isRefused(groups)) return groups;
  if (request.from < site.now - KEPT_MS) return { refused: "points are kept for three months" };
  const measures = [...new Set(groups.measures)];
  const unknown = measures.find((measure) => SUMS[measure] === undefined);
  if (unknown) return { refused: `points cannot count ${unknown}: they know neither visits nor visitors` };
  const keys: Key[] = [];
  for (const name of groups.dimensions) {
    const key = keyOf(name, request);
    if (isRefused(key)) return key;
    keys.push(key);
  }
  const where = whereSql(request, site.siteId, measures);
  if (isRefused(where)) return where;
  const keyColumns = keys.map(({ sql }, place) => ({ name: `k${place}`, sql }));
  const currency = measures.includes("revenue") ? [{ name: "currency", sql: blob("currency") }] : [];
  const columns = [
    ...keyColumns,
    ...currency,
    ...measures.map((name) => ({ name, sql: SUMS[name]! })),
    { name: "points", sql: "count()" },
    { name: "weight", sql: "sum(_sample_interval)" },
  ];
  const names = [...keyColumns, ...currency].map(({ name }) => name);
  const sql = statement(columns, names, where.sql);
  if (sql.length > MOST_CHARACTERS) return { refused: "the filters are too long for one statement" };
  const place = keys.findIndex(({ labels }) => labels !== undefined);
  const time = place < 0 ? null : { place, labels: keys[place]!.labels! };
  return { sql, columns: columns.map(({ name }) => name), measures: groups.measures, keys: keys.length, time };
}
