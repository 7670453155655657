// Counters that mostly rise by one, as sorted, disjoint, closed ranges: [from, to, from, to, …].

export type Intervals = number[];

/** Index of the first range whose end is not below n, counted in numbers (two a range). */
function rangeAt(ranges: Intervals, n: number): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle * 2 + 1]! < n) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

export function holds(ranges: Intervals, n: number): boolean {
  const i = rangeAt(ranges, n);
  return i < ranges.length && ranges[i]! <= n;
}

/** Adds n in place; false when it was there. */
export function include(ranges: Intervals, n: number): boolean {
  const i = rangeAt(ranges, n);
  if (i < ranges.length && ranges[i]! <= n) return false;
  const touchesNext = i < ranges.length && ranges[i] === n + 1;
  const touchesLast = i > 0 && ranges[i - 1] === n - 1;
  if (touchesLast && touchesNext) ranges.splice(i - 1, 2);
  else if (touchesLast) ranges[i - 1] = n;
  else if (touchesNext) ranges[i] = n;
  else ranges.splice(i, 0, n, n);
  return true;
}

/** Takes n out in place. */
export function exclude(ranges: Intervals, n: number): void {
  const i = rangeAt(ranges, n);
  const from = ranges[i];
  const to = ranges[i + 1];
  if (from === undefined || to === undefined || from > n) return;
  if (from === to) ranges.splice(i, 2);
  else if (from === n) ranges[i] = n + 1;
  else if (to === n) ranges[i + 1] = n - 1;
  else ranges.splice(i + 1, 0, n - 1, n + 1);
}

/** What either holds. */
export function unionOf(a: Intervals, b: Intervals): Intervals {
  const pairs = [a, b].flatMap((ranges) =>
    Array.from({ length: ranges.length / 2 }, (_, i): [number, number] => [ranges[i * 2]!, ranges[i * 2 + 1]!]),
  );
  const union: Intervals = [];
  for (const [from, to] of pairs.sort((x, y) => x[0] - y[0])) {
    const last = union.length - 1;
    if (last > 0 && from <= union[last]! + 1) union[last] = Math.max(union[last]!, to);
    else union.push(from, to);
  }
  return union;
}
