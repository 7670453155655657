// Whether requests keep coming faster than one shard should take: a Durable Object's soft limit is 1,000 a second.

const MINUTE_MS = 60_000;
export const RAISE_AT_PER_SECOND = 600;
/** Minutes in a row, so that a short peak raises nothing. */
export const RAISE_AFTER_MINUTES = 5;

export interface RequestRate {
  /** Counts a request; true once a minute when the rate was sustained until now. */
  note(now: number): boolean;
}

export function createRequestRate(): RequestRate {
  let minute = 0;
  let requests = 0;
  let sustained = 0;
  return {
    note(now) {
      const current = Math.floor(now / MINUTE_MS);
      if (current === minute) {
        requests++;
        return false;
      }
      const fast = requests >= RAISE_AT_PER_SECOND * 60 && current === minute + 1;
      sustained = fast ? sustained + 1 : 0;
      minute = current;
      requests = 1;
      return sustained >= RAISE_AFTER_MINUTES;
    },
  };
}
