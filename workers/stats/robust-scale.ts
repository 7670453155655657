import { median } from "./median.ts";

/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL = 1.4826;

/**
 * Spread that a minority of wild values cannot move: 1.4826 × median of the distances from the median (MAD; Hampel 1974;
 * Rousseeuw and Croux 1993). Breaks down at half of the values; 0 where more than half are equal.
 */
export function robustScale(values: readonly number[], centre: number = median(values)): number {
  return NORMAL * median(values.map((value) => Math.abs(value - centre)));
}
