// A site's limit of events a second. Once empty, the bucket stays closed until it holds a twentieth of a second's worth, so
// that those who send can be told for how long, and need not ask meanwhile.

const BURST_SECONDS = 2;
const REOPEN_SECONDS = 0.05;

export interface TokenBucket {
  /** Takes `count` events at `rate` a second; 0, or the milliseconds until it is worth asking again. */
  take(count: number, rate: number, now: number): number;
}

export function createTokenBucket(): TokenBucket {
  let rate = 0;
  let tokens = 0;
  let at = 0;
  let closed = false;

  return {
    take(count, newRate, now) {
      if (newRate !== rate) {
        rate = newRate;
        tokens = rate * BURST_SECONDS;
        closed = false;
      } else {
        tokens = Math.min(rate * BURST_SECONDS, tokens + (Math.max(0, now - at) / 1000) * rate);
      }
      at = now;
      const needed = closed ? rate * REOPEN_SECONDS : 0;
      if (closed && tokens < needed) return Math.ceil(((needed - tokens) / rate) * 1000);
      closed = false;
      // A batch may take more than there is, and is paid back before the next: no batch is too large for ever.
      tokens -= count;
      if (tokens <= 0) closed = true;
      return 0;
    },
  };
}
