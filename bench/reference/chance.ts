// Chance by number: whatever is asked of the same seed and number is the same, so that any part of the reference data can
// be made without the parts before it.

/** murmur3's finalizer: a bijection of 32-bit numbers that leaves no pattern. */
export function mixed(value: number): number {
  let a = value | 0;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (a ^ (a >>> 16)) >>> 0;
}

export interface Stream {
  /** Begins the row of numbers that belongs to `number`. */
  seek(number: number): void;
  /** From 0 up to 1, 1 left out. */
  next(): number;
  /** A whole number from 0 up to `below`, which is left out. */
  below(below: number): number;
}

export function streamOf(seed: number): Stream {
  let state = 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return mixed(state) / 4_294_967_296;
  };
  return {
    seek(number) {
      state = mixed(mixed(number) ^ seed);
    },
    next,
    below: (below) => Math.floor(next() * below),
  };
}

/** Picks an index by weight. */
export function picker(weights: readonly number[]): (at: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const ends = Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum / total;
  });
  return (at) => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
