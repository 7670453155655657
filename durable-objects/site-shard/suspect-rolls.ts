// Which roll-ups of any age cannot be right, told from a few figures of each day and month: rows are missing, hours do not
// add up to their day or days to their month, or something is said otherwise that nobody rolled up anew. Pure.
import { MEASURES, type Measure } from "../../workers/catalog/measure.ts";
import { NO_ROWS, type RollSum, type RollSums } from "../../workers/store/roll-sums.ts";
import type { Bucket } from "./roll-calendar.ts";
import type { RolledBucket } from "./rolled-panels.ts";

/** A day or a month as it was when all was right: its own rows, and those of its hours where they were counted. */
export type KnownSums = readonly [own: RollSum, hours: RollSum | null];

/** What to compare with the events; nothing where the figures are as they should be. */
export interface LookedAt {
  key: string;
  sums: KnownSums;
  suspects: RolledBucket[];
}

export interface SumsRead {
  days: readonly Bucket[];
  /** Those of the days whose hours were counted. */
  byHour: readonly Bucket[];
  months: readonly Bucket[];
  /** The hours of a day. */
  hoursOf(day: Bucket): readonly Bucket[];
  sums: RollSums;
  /** Panels that each must have. */
  panels: number;
}

/** Of those, each hour's events are told by that hour alone. */
const ADDED: readonly Measure[] = ["pageviews", "events", "payments", "visits"];
const PLACES = ADDED.map((measure) => MEASURES.indexOf(measure));

const addsUp = (whole: RollSum, parts: readonly RollSum[]): boolean =>
  PLACES.every((place) => whole.totals[place] === parts.reduce((sum, { totals }) => sum + totals[place]!, 0));

const isSame = (one: RollSum, other: RollSum | null | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Rows went, or say something else although none was written by who rolls up. */
const isChanged = (known: RollSum | null | undefined, now: RollSum): boolean =>
  !!known && (now.rows < known.rows || (now.versions === known.versions && !isSame(known, now)));

const of = (sums: ReadonlyMap<number, RollSum>, { start }: Bucket): RollSum => sums.get(start) ?? NO_ROWS;

/** By itself, without its hours. */
function lookAtRows(day: Bucket, { sums, panels }: SumsRead, known: KnownSums | undefined): LookedAt {
  const own = of(sums.days, day);
  const isShort = own.rows < panels && own.rows > 0 && !isSame(own, known?.[0]);
  const wrong = isShort || isChanged(known?.[0], own);
  return {
    key: `day ${day.start}`,
    sums: [own, known?.[1] ?? null],
    suspects: wrong ? [{ ...day, grain: "day" }] : [],
  };
}

function lookAtDay(day: Bucket, read: SumsRead, known: KnownSums | undefined): LookedAt {
  if (!read.byHour.includes(day)) return lookAtRows(day, read, known);
  const { sums, panels, hoursOf } = read;
  const [own, hours] = [of(sums.days, day), of(sums.hours, day)];
  const isTold = isSame(own, known?.[0]) && isSame(hours, known?.[1]);
  const isShort = !isTold && own.rows < panels && own.rows + hours.rows > 0;
  const ownWrong = isShort || isChanged(known?.[0], own);
  const hoursWrong = isChanged(known?.[1], hours) || (sums.hoursOfPanel.get(day.start) ?? 0) !== hours.rows;
  const unequal = !isTold && !ownWrong && !hoursWrong && !addsUp(own, [hours]);
  return {
    key: `day ${day.start}`,
    sums: [own, hours],
    suspects: [
      ...(hoursWrong || unequal ? hoursOf(day).map((hour) => ({ ...hour, grain: "hour" as const })) : []),
      ...(ownWrong || unequal ? [{ ...day, grain: "day" as const }] : []),
    ],
  };
}

function lookAtMonth(month: Bucket, { sums, days, panels }: SumsRead, known: KnownSums | undefined): LookedAt {
  const own = of(sums.months, month);
  const parts = days.filter(({ start }) => start >= month.start && start < month.end).map((day) => of(sums.days, day));
  const isTold = isSame(own, known?.[0]);
  const isShort = own.rows < panels && (own.rows > 0 || parts.some(({ rows }) => rows > 0));
  const wrong = isChanged(known?.[0], own) || (!isTold && (isShort || !addsUp(own, parts)));
  return {
    key: `month ${month.start}`,
    sums: [own, null],
    suspects: wrong ? [{ ...month, grain: "month" }] : [],
  };
}

/** Days before months, which are made of them. */
export function lookAtSums(read: SumsRead, known: ReadonlyMap<string, KnownSums>): LookedAt[] {
  return [
    ...read.days.map((day) => lookAtDay(day, read, known.get(`day ${day.start}`))),
    ...read.months.map((month) => lookAtMonth(month, read, known.get(`month ${month.start}`))),
  ];
}
