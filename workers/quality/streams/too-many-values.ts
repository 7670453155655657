import { median } from "../../stats/median.ts";
import type { StreamFinding } from "../stream-finding.ts";

export interface DistinctValues {
  property: string;
  /** Different values of each of the days before. */
  before: readonly number[];
  now: number;
  /** Events of the time that carry the property. */
  events: number;
}

const TIMES = 5;
const LEAST_VALUES = 500;
/** A property with a value of its own for each second event names events, which is then what it is for. */
const NAMES_EVENTS = 0.5;

/** Properties that suddenly have many times as many values: an id or a time that went into a name. */
export function tooManyValues(properties: readonly DistinctValues[], from: number, to: number): StreamFinding[] {
  return properties.flatMap(({ property, before, now, events }): StreamFinding[] => {
    const usual = before.length > 0 ? median(before) : null;
    if (now < LEAST_VALUES) return [];
    const exploded = usual === null ? now >= NAMES_EVENTS * events : now >= TIMES * Math.max(1, usual);
    if (!exploded) return [];
    const known = usual === null ? "it is new" : `usually ${Math.round(usual)}`;
    const reason = `${property} has ${now} different values in ${events} events; ${known}`;
    return [{ fault: "too_many_values", subject: property, from, to, expected: usual ?? 0, found: now, reason }];
  });
}
