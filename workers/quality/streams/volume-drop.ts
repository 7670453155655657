import { median } from "../../stats/median.ts";
import { robustScale } from "../../stats/robust-scale.ts";
import { DAY_MS, inPercent, type StreamFinding } from "../stream-finding.ts";
import { dayTotal, type Hours } from "../usual-hour.ts";

const WEEKS = 4;
/** Days back by which the site's own ups and downs are known. */
const WATCHED_DAYS = 28;
const LEAST_WATCHED = 5;
/** Noise where too little was watched. */
const UNKNOWN_NOISE = 0.12;
const LEAST_NOISE = 0.04;
/** A fall is told from three tenths on, and from so many deviations. */
const FALL = 0.3;
const DEVIATIONS = 3;
/** Below this a day says nothing. */
const LEAST_EVENTS = 100;

/** The day that ends with `end`, as a share of the same days of the weeks before. */
function shareOfUsual(hours: Hours, end: number): { share: number; usual: number; total: number } | null {
  const total = dayTotal(hours, end);
  const before = Array.from({ length: WEEKS }, (_, back) => dayTotal(hours, end - (back + 1) * 7 * DAY_MS));
  const known = before.filter((count) => count !== null);
  if (total === null || known.length === 0) return null;
  const usual = median(known);
  return usual > 0 ? { share: total / usual, usual, total } : null;
}

/** Spread of the poorer days alone: campaigns and front pages make no day poor. */
function noiseBelow(shares: readonly number[], level: number): number {
  const poorer = shares.filter((share) => share < level);
  return poorer.length > 0 ? robustScale(poorer, level) / level : 0;
}

/** Whether the last 24 hours brought too little for this day of the week, by the site's own noise. Needs eight days. */
export function volumeDrop(hours: Hours, end: number, subject = "events"): StreamFinding[] {
  const day = shareOfUsual(hours, end);
  if (!day || day.usual < LEAST_EVENTS) return [];
  const days = Array.from({ length: WATCHED_DAYS }, (_, back) => shareOfUsual(hours, end - (back + 1) * DAY_MS)?.share);
  const shares = days.filter((share) => share !== undefined);
  const enough = shares.length >= LEAST_WATCHED;
  // Growth and seasons of the year: the share of the days before is what is usual now.
  const level = enough ? median(shares) : 1;
  const noise = enough ? Math.max(LEAST_NOISE, noiseBelow(shares, level)) : UNKNOWN_NOISE;
  const share = day.share / level;
  if (share > 1 - Math.max(FALL, DEVIATIONS * noise)) return [];
  const expected = Math.round(day.usual * level);
  const reason = `${inPercent(1 - share)} fewer ${subject} in 24 hours than usual on this day: ${day.total} instead of ${expected}`;
  return [{ fault: "volume_drop", subject, from: end - DAY_MS, to: end, expected, found: day.total, reason }];
}
