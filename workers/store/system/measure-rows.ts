// The rows of the measures: an isolate's five minutes, which become an hour of all isolates once the hour is over.
import { asc, gte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import {
  BACKLOG,
  type Detail,
  HOUR_MS,
  mergedDetail,
  mergedTotals,
  noTotals,
  SLOT_MS,
  type Totals,
} from "../../domain/measures.ts";
import { measures } from "../schema/index.ts";

/** Isolates are told apart by a random number below this; 0 stands for all of them, together. */
const ISOLATES = 2 ** 20;
/** Slots of an hour that is over may still come for so long; those of later are added to it. */
const SETTLE_MS = 6 * 60_000;
export const KEPT_MS = 92 * 24 * HOUR_MS;

let ownNumber = 0;

/** Made when first asked for: at its start a Worker has no randomness. */
export function isolateNumber(): number {
  if (ownNumber === 0) ownNumber = 1 + Math.floor(Math.random() * (ISOLATES - 1));
  return ownNumber;
}

export const measureKey = (start: number, isolate: number): number => (start / SLOT_MS) * ISOLATES + isolate;
export const startOfKey = (id: number): number => Math.floor(id / ISOLATES) * SLOT_MS;

export type MeasureRow = typeof measures.$inferSelect;

/** Replaces the rows, all in one statement, and says how many isolates have told of the slot. */
export async function upsertMeasures(db: D1Database, rows: readonly MeasureRow[], slot: number): Promise<number> {
  if (rows.length === 0) return 0;
  const put = db
    .prepare(
      `insert into measures (id, totals, detail)
       select value ->> 'id', value -> 'totals', value -> 'detail' from json_each(?1) where true
       on conflict do update set totals = excluded.totals, detail = excluded.detail`,
    )
    .bind(JSON.stringify(rows));
  const tell = db
    .prepare("select count(*) as isolates from measures where id > ?1 and id < ?2")
    .bind(measureKey(slot, 0), measureKey(slot + SLOT_MS, 0));
  const [, told] = await db.batch<{ isolates: number }>([put, tell]);
  return told?.results[0]?.isolates ?? 0;
}

export interface Timed<T> {
  start: number;
  value: T;
}

/** Oldest first. */
export async function readTotals(db: D1Database, since: number): Promise<Timed<Totals>[]> {
  const rows = await drizzle(db)
    .select({ id: measures.id, totals: measures.totals })
    .from(measures)
    .where(gte(measures.id, measureKey(since - (since % SLOT_MS), 0)))
    .orderBy(asc(measures.id));
  return rows.map(({ id, totals }) => ({ start: startOfKey(id), value: totals }));
}

export interface MeasuredSpan {
  start: number;
  /** Milliseconds: of a slot, or of an hour that was brought together. */
  length: number;
  totals: Totals;
  /** The most events that waited in one shard; null where none told. */
  backlog: number | null;
}

/** Oldest first; of one slot there is one for each isolate. */
export async function readSpans(db: D1Database, since: number): Promise<MeasuredSpan[]> {
  const { results } = await db
    .prepare(
      `select id, totals, detail -> '$.tallies."${BACKLOG}"' ->> '$.max' as backlog from measures where id >= ?1 order by id`,
    )
    .bind(measureKey(since - (since % HOUR_MS), 0))
    .all<{ id: number; totals: string; backlog: number | null }>();
  return results.map(({ id, totals, backlog }) => ({
    start: startOfKey(id),
    length: id % ISOLATES === 0 ? HOUR_MS : SLOT_MS,
    totals: JSON.parse(totals) as Totals, // written by upsertMeasures
    backlog,
  }));
}

export async function readDetail(db: D1Database, since: number): Promise<Detail> {
  const rows = await drizzle(db)
    .select({ detail: measures.detail })
    .from(measures)
    .where(gte(measures.id, measureKey(since - (since % SLOT_MS), 0)));
  return rows.map(({ detail }) => detail).reduce<Detail>(mergedDetail, { tallies: {}, slow: [] });
}

function mergedRow(rows: readonly MeasureRow[], hour: number): MeasureRow {
  const detail = rows.map((row) => row.detail).reduce<Detail>(mergedDetail, { tallies: {}, slow: [] });
  return {
    id: measureKey(hour, 0),
    totals: rows.map(({ totals }) => totals).reduce(mergedTotals, noTotals()),
    detail,
  };
}

interface StoredRow {
  id: number;
  totals: string;
  detail: string;
}

const parsed = ({ id, totals, detail }: StoredRow): MeasureRow => ({
  id,
  totals: JSON.parse(totals) as Totals, // written by upsertMeasures
  detail: JSON.parse(detail) as Detail, // likewise
});

/** Hours of all isolates together, the oldest first. */
export async function finishedHours(db: D1Database, since: number) {
  const { results } = await db
    .prepare(`select id, totals, detail from measures where id >= ?1 and id % ${ISOLATES} = 0 order by id`)
    .bind(measureKey(since, 0))
    .all<StoredRow>();
  return results.map(parsed).map(({ id, totals, detail }) => ({
    start: startOfKey(id),
    measured: { ...detail, counts: totals.counts },
  }));
}

const HOURS_A_RUN = 6;

/** Hours that are over and have rows of isolates, the oldest first. */
async function looseHours(db: D1Database, now: number): Promise<number[]> {
  const settled = now - SETTLE_MS;
  // Numbers in the text, since bound ones would be divided as fractions.
  const { results } = await db
    .prepare(
      `select distinct id / ${ISOLATES * (HOUR_MS / SLOT_MS)} as hour from measures
       where id < ?1 and id % ${ISOLATES} > 0 order by hour limit ${HOURS_A_RUN}`,
    )
    .bind(measureKey(settled - (settled % HOUR_MS), 0))
    .all<{ hour: number }>();
  return results.map(({ hour }) => hour * HOUR_MS);
}

/** Brings the hour's rows together in one transaction: all of it happens or nothing does, and again it finds nothing. */
async function compactHour(db: D1Database, hour: number): Promise<void> {
  const { results } = await db
    .prepare("select id, totals, detail from measures where id >= ?1 and id < ?2")
    .bind(measureKey(hour, 0), measureKey(hour + HOUR_MS, 0))
    .all<StoredRow>();
  const { id, totals, detail } = mergedRow(results.map(parsed), hour);
  await db.batch([
    db
      .prepare("insert or replace into measures (id, totals, detail) values (?1, ?2, ?3)")
      .bind(id, JSON.stringify(totals), JSON.stringify(detail)),
    db
      .prepare("delete from measures where id in (select value from json_each(?1)) and id <> ?2")
      .bind(JSON.stringify(results.map((row) => row.id)), id),
  ]);
}

/** A row an hour of what is over, some hours a run, and nothing of what is over its time. */
export async function compactMeasures(db: D1Database, now: number): Promise<void> {
  for (const hour of await looseHours(db, now)) await compactHour(db, hour);
  const first = now - KEPT_MS;
  await db
    .prepare("delete from measures where id < ?1")
    .bind(measureKey(first - (first % SLOT_MS), 0))
    .run();
}
