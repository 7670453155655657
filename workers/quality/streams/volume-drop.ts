import { median } from "../../stats/median.ts";
import { robustScale } from "../../stats/robust-scale.ts";
import { DAY_MS, HOUR_MS, hourOf, inPercent, type StreamFinding } from "../stream-finding.ts";
import { IN_VISITS, usualDay } from "../usual-day.ts";
import { hoursTotal, type Memory, STILL, usualHour } from "../usual-hour.ts";

const WEEKS = 4;
/** Days by which a day is judged: as far as hours are remembered. */
const DAYS_BEFORE = 59;
/** The fall that is looked for: it must be so much likelier than none, and what came so much less than usual. */
const FALLEN = 0.4;
const EVIDENCE = 4.5;
const LEAST_FALL = 0.27;
/** What has been wrong for longer is what is usual now. */
const MOST_WRONG_DAYS = 14;
/** Below this a day or an hour says nothing. */
const LEAST_EVENTS = 100;
/** Hours together that are judged each hour. They move more than days, so from more deviations; those of two weeks are known. */
const STRETCHES = [1, 3];
const FALL = 0.3;
const LIKE_DAY = 0.8;
const LEAST_NOISE = 0.04;
const HOUR_DEVIATIONS = 5;
const WATCHED_HOURS = 14 * 24;
const LEAST_WATCHED_HOURS = 3 * 24;

/** Whether two of the four times before it brought as little, to that share: newsletters go out each second week. */
function isLikeSome(total: number, same: readonly number[], share: number): boolean {
  const [, second] = same.length === WEEKS ? same.toSorted((a, b) => a - b) : [];
  return second !== undefined && total >= share * second;
}

interface Share {
  share: number;
  usual: number;
  total: number;
  /** What they brought. */
  same: number[];
}

interface Stretch {
  end: number;
  length: number;
  subject: string;
}

/** What a stretch brought, as a share of the same times of the weeks before. */
function shareOfUsual({ hours, before }: Memory, { end, length }: Pick<Stretch, "end" | "length">): Share | null {
  const total = hoursTotal(hours, end, length);
  const same = Array.from({ length: WEEKS }, (_, back) => hoursTotal(hours, before(end, (back + 1) * 7), length));
  const known = same.filter((count) => count !== null);
  if (total === null || known.length === 0) return null;
  const usual = median(known);
  return usual > 0 ? { share: total / usual, usual, total, same: known } : null;
}

/** Spread of the poorer days alone: campaigns and front pages make no day poor. */
function noiseBelow(shares: readonly number[], level: number): number {
  // With those that are just as usual, of which even counts have many: one poor one among them is no spread.
  const poorer = shares.filter((share) => share <= level);
  return poorer.length > 0 ? robustScale(poorer, level) / level : 0;
}

/** How much likelier what came is after a fall by FALLEN than without one, as the logarithm of the ratio; both log-normal. */
function evidenceOfFall(share: number, deviation: number): number {
  const [log, fallen] = [Math.log(share), Math.log(1 - FALLEN)];
  return (log ** 2 - (log - fallen) ** 2) / (2 * deviation ** 2);
}

interface DayOf {
  subject?: string;
  /** Since when less comes than should, as is known. */
  wrongSince?: number | undefined;
}

/** Whether the last 24 hours brought too little for this day of the week, by the site's own ups and downs. Needs eight days. */
export function volumeDrop(
  { hours, before }: Memory,
  end: number,
  { subject = "events", wrongSince }: DayOf = {},
): StreamFinding[] {
  const total = hoursTotal(hours, end, 24);
  const ends = Array.from({ length: DAYS_BEFORE }, (_, back) => before(end, back + 1));
  const isWrong = (at: number) => wrongSince !== undefined && at - HOUR_MS > wrongSince;
  const wrongDays = ends.filter(isWrong).length;
  const goesOn = wrongDays > 0 && wrongDays <= MOST_WRONG_DAYS;
  const days = ends.map((at) => (goesOn && isWrong(at) ? null : hoursTotal(hours, at, 24)));
  const usual = usualDay(days);
  if (total === null || !usual || usual.expected < LEAST_EVENTS) return [];
  // Of none there is no logarithm, and one is as good.
  const share = Math.max(total, 1) / usual.expected;
  const evidence = evidenceOfFall(share, usual.deviation);
  // What is known to have fallen has fallen still while that is the likelier.
  const sameDays = Array.from({ length: WEEKS }, (_, back) => {
    const count = days[7 * (back + 1) - 1];
    return count ? count * usual.growth ** (back + 1) : null;
  }).filter((one) => one !== null);
  const isUnusual = share <= 1 - LEAST_FALL && evidence >= EVIDENCE && !isLikeSome(total, sameDays, LIKE_DAY);
  const isFallen = goesOn ? evidence > 0 : isUnusual;
  if (!isFallen) return [];
  const expected = Math.round(usual.expected);
  const reason = `${inPercent(1 - total / usual.expected)} fewer ${subject} in 24 hours than usual on this day: ${total} instead of ${expected}`;
  return [{ fault: "volume_drop", subject, from: end - DAY_MS, to: end, expected, found: total, reason }];
}

/** Whether an hour of it brought next to nothing, which is another finding. */
function isSilent(memory: Memory, end: number, length: number): boolean {
  const starts = Array.from({ length }, (_, back) => end - (back + 1) * HOUR_MS);
  return starts.some((at) => (memory.hours.get(at) ?? 0) <= STILL * (usualHour(memory, at) ?? 0));
}

/** Null where nothing can be said of it. */
function stretchDrop(memory: Memory, { end, length, subject }: Stretch): StreamFinding[] | null {
  const now = shareOfUsual(memory, { end, length });
  if (!now || now.usual < LEAST_EVENTS || isSilent(memory, end, length)) return null;
  const watched = Array.from({ length: WATCHED_HOURS }, (_, back) => end - (back + 1) * HOUR_MS);
  const ofWatched = watched.map((at) => shareOfUsual(memory, { end: at, length }));
  const busy = ofWatched.filter((one) => one !== null).filter(({ usual }) => usual >= LEAST_EVENTS);
  const shares = busy.map((one) => one.share);
  if (shares.length < LEAST_WATCHED_HOURS) return null;
  const level = median(shares);
  const expected = Math.round(now.usual * level);
  if (expected < LEAST_EVENTS) return null;
  // A calm hour moves more than the busy ones by which the noise is known.
  const calmer = Math.max(0, 1 / expected - 1 / median(busy.map((one) => one.usual)));
  const known = Math.max(LEAST_NOISE, noiseBelow(shares, level), 1 / Math.sqrt(expected));
  const noise = Math.hypot(known, IN_VISITS * Math.sqrt(calmer));
  const share = now.share / level;
  const grown = now.same.map((count) => count * Math.max(1, level));
  if (isLikeSome(now.total, grown, 1 - FALL) || share > 1 - Math.max(FALL, HOUR_DEVIATIONS * noise)) return [];
  const from = end - length * HOUR_MS;
  const when = length === 1 ? "in the hour of" : `in the ${length} hours from`;
  const reason = `${inPercent(1 - share)} fewer ${subject} than usual ${when} ${hourOf(from)}: ${now.total} instead of ${expected}`;
  return [{ fault: "volume_drop", subject, from, to: end, expected, found: now.total, reason }];
}

/**
 * Whether the last hour, or the last three, brought far too little for this time of the week, by the site's own noise. Null where
 * nothing can be said: too few events, or fewer than three days of busy hours in the two weeks before.
 */
export function hourDrop(memory: Memory, end: number, subject = "events"): StreamFinding[] | null {
  const looks = STRETCHES.flatMap((length) => {
    const look = stretchDrop(memory, { end, length, subject });
    return look ? [look] : [];
  });
  return looks.length > 0 ? looks.flat().slice(0, 1) : null;
}
