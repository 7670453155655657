// How fast passwords may be tried. A try is counted before it is checked, so that many at once are as slow as one by one.

export interface Tries {
  /** Tries since the last that was right, or since the count was forgotten. */
  count: number;
  /** When the last was made, and until when no other is taken; milliseconds. */
  at: number;
  until: number;
}

export interface Pace {
  /** Tries that are free of waiting. */
  free: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** Silence after which the count is forgotten. */
  forgetMs: number;
}

const MINUTE = 60_000;

/** One account, whoever tries. */
export const ACCOUNT_PACE: Pace = { free: 5, firstWaitMs: 5_000, longestWaitMs: 15 * MINUTE, forgetMs: 60 * MINUTE };
/** One address, whatever account it tries: an office shares one, so it may err more often. */
export const ADDRESS_PACE: Pace = { free: 20, firstWaitMs: 5_000, longestWaitMs: 15 * MINUTE, forgetMs: 60 * MINUTE };

/** The count after one more try, or the milliseconds to wait. Beyond the free ones each waits twice as long. */
export function nextTry(before: Tries | null, pace: Pace, now: number): { tries: Tries } | { waitMs: number } {
  if (before && before.until > now) return { waitMs: before.until - now };
  const count = (before && now - before.at < pace.forgetMs ? before.count : 0) + 1;
  const over = count - pace.free;
  const wait = over < 0 ? 0 : Math.min(pace.firstWaitMs * 2 ** Math.min(over, 30), pace.longestWaitMs);
  return { tries: { count, at: now, until: now + wait } };
}
