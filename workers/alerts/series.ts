// A metric over time at equal steps.

export const MINUTE_MS = 60_000;
export const SLOT_MS = 5 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;

export interface Series {
  /** Start of the first step, milliseconds. */
  start: number;
  /** Length of a step, milliseconds. */
  step: number;
  /** Null where it has no value, such as a rate without visits. */
  values: readonly (number | null)[];
  /** How values of a longer time come together; they add up when left out. */
  together?: "mean" | "max";
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

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Of whole steps in [from, until) together; null where the series does not reach, or has no value there. Of what does not
 * add up the steps that have one are enough. */
export function amountOver(series: Series, from: number, until: number): number | null {
  const { start, step, together = "sum" } = series;
  const [first, end] = [Math.round((from - start) / step), Math.round((until - start) / step)];
  if (first < 0 || end > series.values.length || first >= end) return null;
  const known = series.values.slice(first, end).filter((value) => value !== null);
  if (known.length === 0 || (together === "sum" && known.length < end - first)) return null;
  if (together === "max") return Math.max(...known);
  return together === "mean" ? sumOf(known) / known.length : sumOf(known);
}

/** The last moment up to which whole steps are over; hours of some zones begin at half past. */
export const lastEnd = ({ start, step }: Pick<Series, "start" | "step">, at: number): number =>
  start + Math.floor((at - start) / step) * step;

/** The end of the first step of all with anything in it: it may have begun within. */
export const dataFrom = (all: readonly Series[]): number =>
  Math.min(
    ...all.map((series) => {
      const first = firstMeasured(series);
      return first < series.values.length ? series.start + (first + 1) * series.step : Number.POSITIVE_INFINITY;
    }),
  );

/** The first step with anything in it; all of them without. */
export function firstMeasured({ values }: Pick<Series, "values">): number {
  const found = values.findIndex((value) => value !== null && value !== 0);
  return found < 0 ? values.length : found;
}
