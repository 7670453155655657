// How many visits are expected when.

import { wallClock } from "../replay/wall-clock.ts";
import { seededRandom } from "./random.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Wave = "base" | "campaign" | "front-page";

/** Expected visits in one slot of time, by what brings them. */
export interface Load {
  slotMs: number;
  visits(slotStart: number): Readonly<Record<Wave, number>>;
}

/** Shares of a day by local hour: quiet nights, a peak before noon, a second one in the evening. They sum to 24. */
const HOURS = [
  0.34, 0.22, 0.16, 0.14, 0.17, 0.28, 0.52, 0.86, 1.26, 1.56, 1.72, 1.68, 1.42, 1.5, 1.6, 1.56, 1.42, 1.26, 1.16, 1.2,
  1.26, 1.18, 0.92, 0.61,
] as const;
/** Sunday first; they average 1. */
const WEEKDAYS = [0.68, 1.13, 1.19, 1.17, 1.13, 0.98, 0.72] as const;
const DAILY_GROWTH = 0.004;

export interface CalendarOptions {
  seed: string;
  /** IANA zone of the visitors' days. */
  timeZone: string;
  /** Mean visits a day at `from`, waves left out. */
  dailyVisits: number;
  from: number;
}

/** Days, weeks and slow growth; in every four weeks one campaign of four days and one day on the front page of a news site. */
export function calendarLoad({ seed, timeZone, dailyVisits, from }: CalendarOptions): Load {
  const clock = wallClock(timeZone);
  const waveDays = (block: number) => {
    const random = seededRandom(seed, "waves", block);
    return { campaign: random.below(24), frontPage: random.below(28), hour: 13 + random.below(5) };
  };
  return {
    slotMs: HOUR_MS,
    visits: (slotStart) => {
      const local = slotStart + clock.offset(slotStart);
      const day = Math.floor(local / DAY_MS);
      const hour = Math.floor((local % DAY_MS) / HOUR_MS);
      const growth = Math.exp((DAILY_GROWTH * (slotStart - from)) / DAY_MS);
      const base = (dailyVisits / 24) * (HOURS[hour] ?? 1) * (WEEKDAYS[(day + 4) % 7] ?? 1) * growth;
      const wave = waveDays(Math.floor(day / 28));
      const since = (day % 28) - wave.campaign;
      const hoursSince = ((day % 28) - wave.frontPage) * 24 + hour - wave.hour;
      return {
        base,
        campaign: since >= 0 && since < 4 ? base * (0.9 - 0.2 * since) : 0,
        "front-page": hoursSince >= 0 && hoursSince < 30 ? dailyVisits * 0.14 * Math.exp(-hoursSince / 5) : 0,
      };
    },
  };
}

/** For a live view: about `visitsPerSecond`, which rises and falls by half within some minutes. */
export function movingLoad(visitsPerSecond: number): Load {
  const slotMs = 5000;
  return {
    slotMs,
    visits: (slotStart) => {
      const minutes = slotStart / 60_000;
      const swing = 1 + 0.35 * Math.sin((2 * Math.PI * minutes) / 7) + 0.15 * Math.sin((2 * Math.PI * minutes) / 1.7);
      const visits = (visitsPerSecond * slotMs * swing) / 1000;
      return { base: visits * 0.9, campaign: visits * 0.07, "front-page": visits * 0.03 };
    },
  };
}
