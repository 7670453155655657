// How many roll-ups there are and what they add up to: a few figures for each day and month, without reading them one by one.
import { MEASURES } from "../catalog/measure.ts";
import { TOTALS } from "../catalog/standard-panels.ts";
import type { RollupOrigin } from "./rollups.ts";

/** Of the rows of one day or month. */
export interface RollSum {
  /** How many panels have a row. */
  rows: number;
  /** All versions added: whoever rolls up anew raises it. */
  versions: number;
  /** Characters of their texts. */
  chars: number;
  /** What the totals say, in the order of the measures. */
  totals: number[];
}

export const NO_ROWS: RollSum = {
  rows: 0,
  versions: 0,
  chars: 0,
  totals: MEASURES.map(() => 0),
};

export interface RollSums {
  /** By start: the days' own rows. */
  days: ReadonlyMap<number, RollSum>;
  months: ReadonlyMap<number, RollSum>;
  /** By start of the day: the totals of its hours, added. */
  hours: ReadonlyMap<number, RollSum>;
  /** The same of another panel, of which only the rows are counted. */
  hoursOfPanel: ReadonlyMap<number, number>;
  rowsRead: number;
}

interface Span {
  start: number;
  end: number;
}

// A body begins with the only row of the totals; the row's counts are its second place.
const totals = MEASURES.map(
  (_, place) =>
    `'${place}', sum(iif(r.panel = '${TOTALS}', coalesce(json_extract(r.body, '$.rows[0][1][${place}]'), 0), 0))`,
).join(", ");
const FIGURES = `count(*) as "rows", sum(r.version) as versions, sum(length(r.body)) as chars, json_object(${totals}) as totals`;

// `cross` keeps the order of tables, so that the key is sought by panel and time.
const BY_BUCKET = `select r.bucket as start, ${FIGURES} from json_each(?5) p
  cross join rollups r on r.site_id = ?1 and r.epoch = ?2 and r.grain = ?6 and r.panel = p.value
    and r.bucket >= ?7 and r.bucket < ?8
  where r.shard = ?3 and r.time_zone = ?4 group by r.bucket`;

const hoursByDay = (figures: string) =>
  `select d.value->>'start' as start, ${figures} from json_each(?5) d
   cross join rollups r on r.site_id = ?1 and r.epoch = ?2 and r.grain = 'hour' and r.panel = ?6
     and r.bucket >= d.value->>'start' and r.bucket < d.value->>'end'
   where r.shard = ?3 and r.time_zone = ?4 group by d.key`;

type Row = Record<keyof Omit<RollSum, "totals"> | "start", number> & {
  totals: string;
};

const sumsOf = (rows: readonly Row[]): Map<number, RollSum> =>
  new Map(
    rows.map(({ start, totals: texts, ...sum }) => {
      const places = JSON.parse(texts) as Record<string, number>; // made by the statement
      return [start, { ...sum, totals: MEASURES.map((_, place) => places[place]!) }];
    }),
  );

export interface RollsToCount {
  days: readonly Span[];
  /** Days whose hours are counted as well: totals, and one panel besides. */
  byHour: readonly Span[];
  months: readonly Span[];
  panels: readonly string[];
  panel: string;
}

/** What is billed is some 50 rows for each day and 120 for the hours of one; with more shards than one, for each of them. */
export async function readRollSums(
  db: D1Database,
  { siteId, epoch, shard, timeZone }: RollupOrigin,
  { days, byHour, months, panels, panel }: RollsToCount,
): Promise<RollSums> {
  const bind = (text: string, ...rest: (string | number)[]) =>
    db.prepare(text).bind(siteId, epoch, shard, timeZone, ...rest);
  const ofGrain = (grain: string, spans: readonly Span[]) =>
    bind(BY_BUCKET, JSON.stringify(panels), grain, spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0);
  const spans = JSON.stringify(byHour.map(({ start, end }) => ({ start, end })));
  const results = await db.batch<Row>([
    ofGrain("day", days),
    ofGrain("month", months),
    bind(hoursByDay(FIGURES), spans, TOTALS),
    bind(hoursByDay(`count(*) as "rows"`), spans, panel),
  ]);
  const [ofDays, ofMonths, ofHours, counted] = results.map((result) => result.results);
  return {
    days: sumsOf(ofDays!),
    months: sumsOf(ofMonths!),
    hours: sumsOf(ofHours!),
    hoursOfPanel: new Map(counted!.map(({ start, rows }) => [start, rows])),
    rowsRead: results.reduce((sum, { meta }) => sum + meta.rows_read, 0),
  };
}
