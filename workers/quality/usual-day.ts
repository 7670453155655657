import { median } from "../stats/median.ts";
import { medianPolish } from "../stats/median-polish.ts";
import { robustScale } from "../stats/robust-scale.ts";

const WEEK = 7;
/** Days by which the weekdays are known, the level of now and how much days differ from it. */
const MOST_DAYS = 8 * WEEK;
const LEVEL_DAYS = 3 * WEEK;
const WATCHED_DAYS = 4 * WEEK;
/** How days of most sites differ, which counts as so many days. */
const COMMON_DEVIATION = 0.115;
const COMMON_DAYS = 14;
const LEAST_DEVIATION = 0.05;
/** Events come in visits, some four together: their number differs twice as much as that of things that come one by one. */
export const IN_VISITS = 2;

export interface UsualDay {
  expected: number;
  /** By which each week brings more than the one before. */
  growth: number;
  /** Of the logarithm of what comes, if all is as usual. */
  deviation: number;
}

type Days = readonly (number | null)[];

/** The same weekdays of so many weeks apart tell how a site grows, those far apart better. */
const GROWN_WEEKS = [3, 1];
/** Growth is what is left of it when it is taken for so many of its own standard errors too much. */
const SURELY = 2;
/** Of a median, where the standard error of a mean is 1; days of a week rise and fall together. */
const OF_MEDIAN = 1.25;
const TOGETHER = 2;

/** Of the logarithms of days, a week; of a site that shrinks 0, since what fell is not to be usual at once. */
function growthOf(logs: Days): number {
  for (const weeks of GROWN_WEEKS) {
    const grown = logs.slice(0, WATCHED_DAYS).flatMap((log, back) => {
      const before = logs[back + WEEK * weeks] ?? null;
      return log === null || before === null ? [] : [(log - before) / weeks];
    });
    if (grown.length < 2 * WEEK) continue;
    const growth = median(grown);
    const error = (OF_MEDIAN * robustScale(grown, growth)) / Math.sqrt(grown.length / TOGETHER);
    return Math.max(0, growth - SURELY * error);
  }
  return 0;
}

/** What is left of the logarithms of days, the newest first, when the weekday and growth are taken out, and what their weekdays make of them. */
function withoutWeekdays(days: Days): { left: Days; weekday: number; growth: number } {
  const counted = days.map((count) => (count ? Math.log(count) : null));
  const growth = growthOf(counted);
  const logs = counted.map((log, back) => (log === null ? null : log + (growth * (back + 1)) / WEEK));
  const weeks = Array.from({ length: Math.ceil(logs.length / WEEK) }, (_, week) =>
    Array.from({ length: WEEK }, (_, place) => logs[WEEK * week + place] ?? null),
  );
  const { columns } = medianPolish(weeks);
  return {
    left: logs.map((log, back) => (log === null ? null : log - columns[back % WEEK]!)),
    weekday: columns[WEEK - 1]!,
    growth,
  };
}

const known = (days: Days): number[] => days.filter((one) => one !== null);

/** The lower of the last weeks' level and of the last week's: neither a campaign nor its end is to be what was usual. */
function levelOf(left: Days): number | null {
  const all = known(left);
  return all.length < WEEK ? null : Math.min(median(all.slice(0, LEVEL_DAYS)), median(all.slice(0, WEEK)));
}

/** By the poorer days alone: campaigns and front pages make no day poor. */
function deviationOf(left: Days, weeks: number): number {
  const errors = left.slice(0, WATCHED_DAYS).flatMap((one, back) => {
    const level = levelOf(left.slice(back + 1));
    return one === null || level === null ? [] : [one - level];
  });
  const poorer = errors.filter((error) => error <= 0);
  const own = poorer.length > 0 ? robustScale(poorer, 0) : 0;
  // The weekdays were fitted to these very days, so that they differ less from it than the next one will.
  const days = weeks > 1 && poorer.length > 0 ? errors.length : 0;
  const fitted = days > 0 ? (own ** 2 * weeks) / (weeks - 1) : 0;
  const pooled = (days * fitted + COMMON_DAYS * COMMON_DEVIATION ** 2) / (days + COMMON_DAYS);
  return Math.sqrt(pooled * (1 + 1 / weeks));
}

/**
 * What the next day should bring, by the counts of the days before, the newest first; those that are not known, or are
 * known to be wrong, are null. Null where there is no such weekday or no week.
 */
export function usualDay(before: Days): UsualDay | null {
  const days = before.slice(0, MOST_DAYS);
  const weeks = days.filter((count, back) => back % WEEK === WEEK - 1 && count).length;
  if (weeks === 0) return null;
  const { left, weekday, growth } = withoutWeekdays(days);
  const level = levelOf(left);
  if (level === null) return null;
  const expected = Math.exp(level + weekday);
  const deviation = Math.max(deviationOf(left, weeks), LEAST_DEVIATION, IN_VISITS / Math.sqrt(expected));
  return { expected, growth: Math.exp(growth), deviation };
}
