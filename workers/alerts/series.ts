// A metric over time at equal steps.

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export interface Series {
  /** Start of the first step, milliseconds. */
  start: number;
  /** Length of a step, milliseconds. */
  step: number;
  /** Null where it has no value, such as a rate without visits. */
  values: readonly (number | null)[];
}

/** Counts by their start become a series; a step without a count is zero. */
export function seriesOf(
  counts: Iterable<readonly [start: number, count: number]>,
  { start, until, step }: { start: number; until: number; step: number },
): Series {
  const values = Array.from({ length: Math.max(0, Math.ceil((until - start) / step)) }, () => 0);
  for (const [at, count] of counts) {
    const index = Math.floor((at - start) / step);
    if (index >= 0 && index < values.length) values[index]! += count;
  }
  return { start, step, values };
}

/** Sum of whole steps in [from, until); null where the series does not reach, or has no value there. */
export function sumOver({ start, step, values }: Series, from: number, until: number): number | null {
  const [first, end] = [Math.round((from - start) / step), Math.round((until - start) / step)];
  if (first < 0 || end > values.length || first >= end) return null;
  let sum = 0;
  for (let index = first; index < end; index++) {
    const value = values[index];
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return sum;
}

/** The last moment up to which whole steps are over; hours of some zones begin at half past. */
export const lastEnd = ({ start, step }: Pick<Series, "start" | "step">, at: number): number =>
  start + Math.floor((at - start) / step) * step;

/** The first step with anything in it; all of them without. */
export function firstMeasured({ values }: Pick<Series, "values">): number {
  const found = values.findIndex((value) => value !== null && value !== 0);
  return found < 0 ? values.length : found;
}
