const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** A round, even number at or above the largest value, so that a scale does not jump with each event and its middle is whole; at least 4. */
export function ceiling(largest: number): number {
  if (largest <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = STEPS.find((factor) => factor * power >= largest && (factor * power) % 2 === 0) ?? 10;
  return step * power;
}
