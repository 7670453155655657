// Long computations give way. Work is counted in rows rather than time alone, since the clock of a production Worker
// stands still while it computes.

/** A row through one simple loop is one unit, some ten nanoseconds. */
const UNITS_PER_TURN = 400_000;
const MS_PER_TURN = 8;

export interface Pace {
  /** Reports work done; when the turn is used up, returns a promise to await before going on. */
  spend(units: number): Promise<void> | undefined;
}

/** Rows per step of a loop between two calls of `spend`. */
export const CHUNK = 32_768;

export function paceOf(pause: () => Promise<void>, clock: () => number = Date.now): Pace {
  let units = 0;
  let since = clock();
  const rest = async () => {
    await pause();
    units = 0;
    since = clock();
  };
  return {
    spend(more) {
      units += more;
      return units >= UNITS_PER_TURN || clock() - since >= MS_PER_TURN ? rest() : undefined;
    },
  };
}

/** Part of a loop: [start, end). */
export interface Range {
  start: number;
  end: number;
}

/** Runs `step` over [0, length) in chunks; `weight` is units per row. */
export async function inChunks(
  length: number,
  step: (start: number, end: number) => void,
  options: { pace: Pace; weight?: number },
): Promise<void> {
  for (let start = 0; start < length; start += CHUNK) {
    const end = Math.min(start + CHUNK, length);
    step(start, end);
    const rest = options.pace.spend((end - start) * (options.weight ?? 1));
    if (rest) await rest;
  }
}
