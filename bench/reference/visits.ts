// Who comes when. Visits are laid out in groups of equal length; each group has 64 new visitors and as many visits of
// visitors of other groups, by fixed distances, so that any group can be made by itself: a visitor comes twice on
// average, half of them once, the others up to eight times over the weeks, never within half an hour of the visit before.

import { mixed, streamOf } from "./chance.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const DAYS = 30;
export const VISITORS_A_GROUP = 64;
export const VISITS_A_GROUP = 128;
export const EVENTS_A_GROUP = 320;

/** How often the visitors of a group come back: 64 times in all. */
const RETURNS = [
  ...Array.from<number>({ length: 32 }).fill(0),
  ...Array.from<number>({ length: 16 }).fill(1),
  ...Array.from<number>({ length: 8 }).fill(2),
  ...[3, 3, 3, 3, 5, 5, 7, 3],
];
const MEAN_ABSENCE_DAYS = 3;
/** At night, when time is thinnest, more than the half hour that parts two visits, and a visit's own length. */
const LEAST_ABSENCE_DAYS = 3 / 24;
/** How much busier noon is than the mean. */
const SWING = 0.6;

export interface Shape {
  seed: number;
  /** Rounded down to whole groups of 320. */
  events: number;
  /** Start of the 30 days, a midnight UTC, milliseconds. */
  from: number;
}

export interface Visits {
  groups: number;
  visitors: number;
  /** Number of the visitor and start in milliseconds, for each of a group's 128 visits. */
  ofGroup(group: number): { visitors: Uint32Array; starts: Float64Array };
}

/** Days after the first visit, ascending, by the visitor's place in its group. */
function absences(seed: number): number[][] {
  const chance = streamOf(seed);
  return RETURNS.map((returns, place) => {
    chance.seek(place);
    const steps = Array.from({ length: returns }, () => -Math.log(1 - chance.next()) * MEAN_ABSENCE_DAYS);
    let day = 0;
    const days = steps.map((step) => {
      day += LEAST_ABSENCE_DAYS + step;
      return day;
    });
    // Whoever would come after the 30 days comes back faster.
    const scale = Math.min(1, (DAYS - 1) / (days.at(-1) ?? 1));
    return days.map((own) => own * scale);
  });
}

/** Moves moments of a day from night to noon, midnights staying where they are. */
function clockTime(uniform: number): number {
  const day = Math.floor(uniform / DAY_MS);
  const share = uniform / DAY_MS - day;
  return (day + share - (SWING / (2 * Math.PI)) * Math.sin(2 * Math.PI * share)) * DAY_MS;
}

export function visitsOf({ seed, events, from }: Shape): Visits {
  const groups = Math.floor(events / EVENTS_A_GROUP);
  if (groups < 2 * DAYS) throw new Error(`events must be ${2 * DAYS * EVENTS_A_GROUP} or more, not ${events}`);
  // The last hour stays free, so that no visit reaches out of the 30 days.
  const span = (DAYS * DAY_MS - HOUR_MS) / groups;
  const least = Math.ceil((LEAST_ABSENCE_DAYS * DAY_MS) / span) + 1;
  const slots = absences(seed).flatMap((days, place) => {
    let before = 0;
    const returns = days.map((day) => {
      before = Math.max(before + least, Math.round((day * DAY_MS) / span));
      return { place, distance: before };
    });
    return [{ place, distance: 0 }, ...returns];
  });
  const chance = streamOf(mixed(seed + 1));
  return {
    groups,
    visitors: groups * VISITORS_A_GROUP,
    ofGroup(group) {
      chance.seek(group);
      const visitors = Uint32Array.from(slots, ({ place, distance }) => {
        return ((group - distance + groups) % groups) * VISITORS_A_GROUP + place;
      });
      const starts = Float64Array.from(slots, () => from + Math.round(clockTime((group + chance.next()) * span)));
      return { visitors, starts };
    },
  };
}
