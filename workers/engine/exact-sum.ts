// Sums of fractions that do not depend on their order: the running sum is kept as a few numbers that do not overlap and
// together are exactly the sum (Shewchuk's expansions), and rounded once, at the end.

/** Numbers whose exact sum is meant, smallest first; [] is zero. */
export type ExactSum = number[];

/** Adds one finite number, in place. */
export function addExactly(sum: ExactSum, value: number): void {
  let carried = value;
  let kept = 0;
  for (const part of sum) {
    const [large, small] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
    const high = large + small;
    const low = small - (high - large);
    if (low !== 0) sum[kept++] = low;
    carried = high;
  }
  sum.length = kept;
  sum.push(carried);
}

export function mergeExactly(a: ExactSum, b: ExactSum): ExactSum {
  const sum = [...a];
  for (const part of b) addExactly(sum, part);
  return sum;
}

/** The exact sum, rounded once to the nearest double. */
export function roundedSum(sum: ExactSum): number {
  let index = sum.length - 1;
  let high = index < 0 ? 0 : sum[index]!;
  let low = 0;
  while (index > 0 && low === 0) {
    const before = high;
    const part = sum[--index]!;
    high = before + part;
    low = part - (high - before);
  }
  // Half-way cases: what lies further down decides which way they are rounded.
  const next = index > 0 ? sum[index - 1]! : 0;
  if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
    const doubled = low * 2;
    const up = high + doubled;
    if (up - high === doubled) return up;
  }
  return high + 0;
}
