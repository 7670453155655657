import { inPercent, type StreamFinding } from "../stream-finding.ts";

export interface RepeatCount {
  events: number;
  /** Of them, those that were there already: the same id, or the same in all that was sent. */
  repeated: number;
}

const LEAST_EVENTS = 200;
/** A share this small is of no matter, however new. */
const SMALL = 0.01;
/** Deviations of a binomial count above the usual share. */
const DEVIATIONS = 4;

/** More repeats than usual: a sender that sends twice. Honest repeats of the time before are not held against it. */
export function duplicates(before: RepeatCount, now: RepeatCount, from: number, to: number): StreamFinding[] {
  if (now.events < LEAST_EVENTS) return [];
  const usual = before.events > 0 ? before.repeated / before.events : 0;
  const share = now.repeated / now.events;
  const noise = Math.sqrt((Math.max(usual, 1 / now.events) * (1 - usual)) / now.events);
  if (share < SMALL || share < usual + Math.max(SMALL, DEVIATIONS * noise)) return [];
  const expected = Math.round(usual * now.events);
  const reason = `${inPercent(share)} of ${now.events} events are repeats, usually ${inPercent(usual)}`;
  return [{ fault: "duplicates", subject: "events", from, to, expected, found: now.repeated, reason }];
}

/** Counts the events whose key came before; one pass. */
export function countRepeats(keys: Iterable<string>): RepeatCount {
  const seen = new Set<string>();
  let events = 0;
  for (const key of keys) {
    events++;
    seen.add(key);
  }
  return { events, repeated: events - seen.size };
}
