// Seeded chance: the same seed gives the same numbers on every machine. Not for secrets.

export interface Random {
  /** From 0 up to 1, 1 left out. */
  next(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from 0 up to `below`, which is left out. */
  below(below: number): number;
  /** One entry, by its weight. */
  pick<T>(entries: readonly Weighted<T>[]): T;
  /** Mean `mean`, always positive, now and then several times as long. */
  exponential(mean: number): number;
  /** How many rare events come where `mean` are expected. */
  poisson(mean: number): number;
}

export type Weighted<T> = readonly [weight: number, value: T];

/** sfc32 (Chris Doty-Humphrey's small fast counter, 128 bits of state), seeded by a hash of the parts. */
export function seededRandom(...seed: readonly (string | number)[]): Random {
  const next = sfc32(hashed(seed.join("\n")));
  const exponential = (mean: number) => -Math.log(1 - next()) * mean;
  return {
    next,
    chance: (probability) => next() < probability,
    below: (below) => Math.floor(next() * below),
    pick: (entries) => pickWeighted(entries, next()),
    exponential,
    poisson: (mean) => (mean > 60 ? nearNormal(mean, next) : knuth(mean, next)),
  };
}

function sfc32([a0, b0, c0]: [number, number, number]): () => number {
  let [a, b, c, counter] = [a0, b0, c0, 1];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Three 32-bit FNV-1a hashes of the text, from different starts. */
function hashed(text: string): [number, number, number] {
  const hash = (start: number) => {
    let value = start;
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
    return value | 0;
  };
  return [hash(0x811c9dc5), hash(0x9e3779b9), hash(0x85ebca6b)];
}

function pickWeighted<T>(entries: readonly Weighted<T>[], at: number): T {
  let left = at * entries.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of entries) {
    left -= weight;
    if (left < 0) return value;
  }
  return entries[entries.length - 1]![1]; // rounding; no list of ours is empty
}

/** Knuth's product of uniforms; exact, and slow for large means. */
function knuth(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count++;
  return count;
}

/** Poisson(mean) is near Normal(mean, mean) from a mean of about 60 on; Box-Muller. */
function nearNormal(mean: number, next: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
}
