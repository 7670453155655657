// How often each may ask, counted in memory: for where one isolate sees every request.

export interface WindowLimit {
  /** Asks a key is let in for within a period. */
  limit: number;
  /** Seconds; periods begin at whole multiples of it. */
  period: number;
}

/** With the same answers as the platform's own counter, which it stands in for. */
export function createWindowLimit({ limit, period }: WindowLimit, now: () => number) {
  let counts = new Map<string, number>();
  let counted = Number.NaN;
  return {
    async limit({ key }: { key: string }): Promise<{ success: boolean }> {
      const window = Math.floor(now() / (period * 1000));
      if (window !== counted) {
        counts = new Map();
        counted = window;
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { success: count <= limit };
    },
  };
}
