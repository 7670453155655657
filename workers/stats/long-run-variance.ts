import { mean, sum } from "simple-statistics";

/**
 * Variance of a series that counts how long its deviations last, so that divided by n it is that of the mean of n points:
 * γ(0) + 2 Σ (1 - j / (lags + 1)) γ(j), j from 1 to `lags` (Newey and West, Econometrica 55, 1987; Bartlett's weights). Never
 * negative. Equal intervals, no trend and no season in the series; several times as many points as lags. Lags 0: the plain
 * variance with n in the denominator.
 */
export function longRunVariance(values: readonly number[], lags: number): number {
  const count = values.length;
  if (count === 0) return 0;
  const centre = mean([...values]);
  const off = values.map((value) => value - centre);
  const covariance = (lag: number) => sum(off.slice(lag).map((value, index) => value * off[index]!)) / count;
  const weighted = Array.from({ length: Math.min(lags, count - 1) }, (_, index) => {
    const lag = index + 1;
    return 2 * (1 - lag / (lags + 1)) * covariance(lag);
  });
  return Math.max(0, covariance(0) + sum(weighted));
}
