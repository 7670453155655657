export interface LevelShift {
  /** The first point of the new level. */
  index: number;
  /** Pettitt's K: the larger, the clearer. */
  statistic: number;
  /** Chance of so clear a shift where there is none; approximate, too large above 0.5. */
  probability: number;
}

/**
 * Where a series changed its level, once: Pettitt's test (Applied Statistics 28, 1979), the largest absolute sum of signs
 * between all pairs before and after a point; p = 2 exp(-6 K² / (n³ + n²)). By ranks, so that outliers do not matter;
 * no season and no trend in the series, ten points or more. Quadratic in the points.
 */
export function levelShift(values: readonly number[]): LevelShift | null {
  const count = values.length;
  if (count < 2) return null;
  let [sum, index, largest] = [0, 0, 0];
  values.forEach((value, i) => {
    sum += values.reduce((signs, other) => signs + Math.sign(value - other), 0);
    if (i < count - 1 && Math.abs(sum) > Math.abs(largest)) [largest, index] = [sum, i + 1];
  });
  const statistic = Math.abs(largest);
  if (statistic === 0) return null;
  const probability = Math.min(1, 2 * Math.exp((-6 * statistic ** 2) / (count ** 3 + count ** 2)));
  return { index, statistic, probability };
}
