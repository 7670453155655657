import { inPercent, type StreamFinding } from "../stream-finding.ts";

/** How many values of a property were of which type in a time: `{ number: 980, string: 2 }`. */
export type TypeCounts = Readonly<Record<string, number>>;

export interface PropertyTypes {
  property: string;
  /** Whether it was found before and is still open, so that few values tell whether it goes on. */
  isOpen?: boolean;
  before: TypeCounts;
  now: TypeCounts;
}

const LEAST_VALUES = 30;
const LEAST_OF_OPEN = 5;
/** A type that had this share at most, and has this share now. */
const FOREIGN = 0.02;
const ARRIVED = 0.1;

export const totalOf = (counts: TypeCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Values of a time that say something. */
export const leastOf = (isOpen: boolean): number => (isOpen ? LEAST_OF_OPEN : LEAST_VALUES);

/** Properties whose values are suddenly of another type: a number that became a text. */
export function typeDrift(properties: readonly PropertyTypes[], from: number, to: number): StreamFinding[] {
  return properties.flatMap(({ property, before, now, isOpen = false }) => {
    const [past, present] = [totalOf(before), totalOf(now)];
    if (past < LEAST_VALUES || present < leastOf(isOpen)) return [];
    const usual = Object.entries(before).reduce((best, each) => (each[1] > best[1] ? each : best))[0];
    return Object.entries(now).flatMap(([type, count]): StreamFinding[] => {
      if ((before[type] ?? 0) > FOREIGN * past || count < ARRIVED * present) return [];
      const share = inPercent(count / present);
      const reason = `${property} is a ${type} in ${share} of its values; before, it was a ${usual}`;
      return [{ fault: "type_drift", subject: property, from, to, expected: 0, found: count, reason }];
    });
  });
}
