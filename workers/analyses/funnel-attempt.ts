// How far one person got. An attempt begins at an event of the first step; every further step is reached by the earliest
// event that fits it at or after the one before (`strict`: after), within the window from the beginning. Of a person's
// attempts the one that gets furthest counts, the earliest among equals. One event may reach two steps unless `strict`.

import type { Doings } from "../engine/histories.ts";

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

/** Judges one person after another. */
export interface Judge {
  /** When each step was reached in the attempt judged last, milliseconds; overwritten by the next. */
  times: Float64Array;
  /** Steps reached by the attempt that counts; 0 without a beginning. */
  judge(did: Doings): number;
}

/** Without a window only the earliest beginning counts: whatever follows a later one follows it as well. */
function judgeOnce(steps: number, strict: boolean): Judge {
  const times = new Float64Array(steps);
  const judge = ({ length, at, bits }: Doings): number => {
    let reached = 0;
    for (let index = 0; index < length && reached < steps; ) {
      const time = at[index]!;
      let fits = 0;
      // Of one moment the order is not known, so its events count together.
      for (; index < length && at[index] === time; index++) fits |= bits[index]!;
      while (reached < steps && (fits >> reached) & 1 && (reached === 0 || !strict || time > times[reached - 1]!)) {
        times[reached++] = time;
      }
    }
    return reached;
  };
  return { times, judge };
}

/** For each step, the moments that fit it. */
function stepLists(steps: number) {
  let lists = Array.from({ length: steps }, () => new Float64Array(64));
  const lengths = new Uint32Array(steps);
  const fill = ({ length, at, bits }: Doings): void => {
    if (length > lists[0]!.length) lists = lists.map(() => new Float64Array(length * 2));
    lengths.fill(0);
    for (let index = 0; index < length; index++) {
      for (let step = 0; step < steps; step++) {
        if ((bits[index]! >> step) & 1) lists[step]![lengths[step]!++] = at[index]!;
      }
    }
  };
  return { lengths, fill, list: (step: number) => lists[step]! };
}

function judgeWithin(steps: number, window: number, strict: boolean): Judge {
  const { lengths, fill, list } = stepLists(steps);
  const times = new Float64Array(steps);
  const tried = new Float64Array(steps);
  // A later beginning never reaches a step earlier, so each list is walked once.
  const next = new Uint32Array(steps);

  function attempt(begin: number): number {
    tried[0] = begin;
    let reached = 1;
    for (; reached < steps; reached++) {
      const moments = list(reached);
      const length = lengths[reached]!;
      const before = tried[reached - 1]!;
      while (
        next[reached]! < length &&
        (strict ? moments[next[reached]!]! <= before : moments[next[reached]!]! < before)
      )
        next[reached]! += 1;
      if (next[reached]! === length || moments[next[reached]!]! - begin > window) break;
      tried[reached] = moments[next[reached]!]!;
    }
    return reached;
  }

  const judge = (did: Doings): number => {
    fill(did);
    next.fill(0);
    let best = 0;
    for (let index = 0; index < lengths[0]! && best < steps; index++) {
      const reached = attempt(list(0)[index]!);
      if (reached <= best) continue;
      best = reached;
      times.set(tried);
    }
    return best;
  };
  return { times, judge };
}

export function judgeOf(steps: number, { window, strict }: AttemptRule): Judge {
  return window === null ? judgeOnce(steps, strict) : judgeWithin(steps, window, strict);
}

/** The attempt that counts when a person made both; the same whichever comes first. */
export function betterOf(a: Attempt, b: Attempt): Attempt {
  if (a.times.length !== b.times.length) return a.times.length > b.times.length ? a : b;
  for (let step = 0; step < a.times.length; step++) {
    if (a.times[step] !== b.times[step]) return a.times[step]! < b.times[step]! ? a : b;
  }
  return a.value <= b.value ? a : b;
}

/** Of the values that the first step has at the moment of the beginning, the least: an answer that does not depend on order. */
export function valueAt(begin: number, { length, at, bits }: Doings, valueFor: (index: number) => string): string {
  let least: string | null = null;
  for (let index = 0; index < length; index++) {
    if (at[index] !== begin || (bits[index]! & 1) === 0) continue;
    const value = valueFor(index);
    if (least === null || value < least) least = value;
  }
  return least ?? "";
}
