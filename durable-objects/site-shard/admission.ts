// Whether a shard takes what is sent to it: what waits, what the log holds and the site's limit decide, before anything is
// parsed. What is refused costs nothing and can be sent again.
import type { AppendBatch, Limited } from "./protocol.ts";
import { createTokenBucket } from "./token-bucket.ts";

/** Requests that may wait for a commit, and characters of their events. */
const WAITING_MAX = 5_000;
const WAITING_CHARS = 16 * 2 ** 20;
/** When nothing was answered for so long, more would only be served late. */
const STUCK_MS = 2_000;
/** A log that is not sealed in time is as large as this at most; scans hold it in memory. */
const LOG_EVENTS = 500_000;
const LOG_CHARS = 128 * 2 ** 20;

export interface LogFill {
  events: number;
  chars: number;
}

export interface Admission {
  /** Null when the batch is taken: then `leave` must follow. */
  enter(batch: AppendBatch, now: number): "busy" | Limited | null;
  leave(batch: AppendBatch, now: number): void;
  /** What the log gained. */
  logged(fill: LogFill): void;
  /** What the log holds, once that was measured. */
  measured(fill: LogFill): void;
}

const charsOf = ({ items }: AppendBatch): number => items.reduce((sum, { packed }) => sum + packed.length, 0);

export function createAdmission(): Admission {
  const bucket = createTokenBucket();
  let waiting = 0;
  let waitingChars = 0;
  let answeredAt = 0;
  let log: LogFill = { events: 0, chars: 0 };

  function isBusy(now: number): boolean {
    if (waiting >= WAITING_MAX || waitingChars >= WAITING_CHARS) return true;
    if (waiting > 0 && now - answeredAt > STUCK_MS) return true;
    return log.events >= LOG_EVENTS || log.chars >= LOG_CHARS;
  }

  return {
    enter(batch, now) {
      if (isBusy(now)) return "busy";
      const limitedFor = batch.limit === undefined ? 0 : bucket.take(batch.items.length, batch.limit, now);
      if (limitedFor > 0) return { limitedFor };
      if (waiting === 0) answeredAt = now;
      waiting++;
      waitingChars += charsOf(batch);
      return null;
    },
    leave(batch, now) {
      waiting--;
      waitingChars -= charsOf(batch);
      answeredAt = now;
    },
    logged({ events, chars }) {
      log = { events: log.events + events, chars: log.chars + chars };
    },
    measured(fill) {
      log = fill;
    },
  };
}
