import { HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";
import type { Hours } from "../usual-hour.ts";

export interface TwoCounts {
  /** What is compared, such as `roll-ups and log`. */
  subject: string;
  /** The one that is believed. */
  source: Hours;
  derived: Hours;
}

/** Hours in which two counts of the same thing are not equal, by one or by a thousand; an hour without a row is another fault. */
export function countsDiffer({ subject, source, derived }: TwoCounts): StreamFinding[] {
  return [...source].flatMap(([at, expected]): StreamFinding[] => {
    const found = derived.get(at);
    if (found === undefined || found === expected) return [];
    const reason = `${subject}: ${found} instead of ${expected} in the hour of ${hourOf(at)}`;
    return [{ fault: "counts_differ", subject, from: at, to: at + HOUR_MS, expected, found, reason }];
  });
}

/** Hours that have events in the source and no row in what is derived from it; and rows of hours that have none. */
export function missingHours({ subject, source, derived }: TwoCounts): StreamFinding[] {
  const lost = [...source].filter(([at, count]) => count > 0 && !derived.has(at));
  const invented = [...derived].filter(([at, count]) => count > 0 && !source.has(at));
  return [
    ...lost.map(([at, count]) => ({ at, expected: count, found: 0, words: `no row for ${count} events` })),
    ...invented.map(([at, count]) => ({
      at,
      expected: 0,
      found: count,
      words: `a row of ${count} where there are none`,
    })),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ at, expected, found, words }) => ({
      fault: "missing_hour",
      subject,
      from: at,
      to: at + HOUR_MS,
      expected,
      found,
      reason: `${subject}: ${words} in the hour of ${hourOf(at)}`,
    }));
}
