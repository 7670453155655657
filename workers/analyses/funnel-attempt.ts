// How far one person got. An attempt begins at an event of the first step; every further step is reached by the earliest
// event that fits it at or after the one before (`strict`: after), within the window from the beginning. Of a person's
// attempts the one that gets furthest counts, the earliest among equals. One event may reach two steps unless `strict`.

export interface Attempt {
  /** When each step was reached, milliseconds; as many as were. */
  times: number[];
  /** The first step's value of the dimension; "" without one. */
  value: string;
}

export interface AttemptRule {
  /** Milliseconds from the first step to any other; null without limit. */
  window: number | null;
  strict: boolean;
}

/** `lists`: for each step, the moments that fit it, in order of time. Null when the first has none. */
export function furthest(lists: readonly (readonly number[])[], { window, strict }: AttemptRule): number[] | null {
  // A later beginning never reaches a step earlier, so each list is walked once.
  const next = lists.map(() => 0);
  let best: number[] | null = null;
  for (const begin of lists[0]!) {
    const times = [begin];
    for (let step = 1; step < lists.length; step++) {
      const list = lists[step]!;
      const before = times[step - 1]!;
      while (next[step]! < list.length && (strict ? list[next[step]!]! <= before : list[next[step]!]! < before)) {
        next[step]! += 1;
      }
      const reached = list[next[step]!];
      if (reached === undefined || (window !== null && reached - begin > window)) break;
      times.push(reached);
    }
    if (!best || times.length > best.length) best = times;
    if (window === null || best.length === lists.length) break;
  }
  return best;
}

/** The attempt that counts when a person made both; the same whichever comes first. */
export function betterOf(a: Attempt, b: Attempt): Attempt {
  if (a.times.length !== b.times.length) return a.times.length > b.times.length ? a : b;
  for (let step = 0; step < a.times.length; step++) {
    if (a.times[step] !== b.times[step]) return a.times[step]! < b.times[step]! ? a : b;
  }
  return a.value <= b.value ? a : b;
}

/** Moments by step, from bits, in order of time; moment i has bits bits(i) and happened at(i). */
export function listsOf(steps: number, moments: { length: number; at(i: number): number; bits(i: number): number }) {
  const lists = Array.from({ length: steps }, (): number[] => []);
  for (let index = 0; index < moments.length; index++) {
    const bits = moments.bits(index);
    for (let step = 0; step < steps; step++) if ((bits >> step) & 1) lists[step]!.push(moments.at(index));
  }
  return lists;
}

/** Of the values that the first step has at that moment, the least: an answer that does not depend on order. */
export function valueAt(begin: number, moments: Iterable<{ at: number; bits: number; value: string }>): string {
  let least: string | null = null;
  for (const { at, bits, value } of moments) {
    if (at === begin && (bits & 1) === 1 && (least === null || value < least)) least = value;
  }
  return least ?? "";
}
