import { HOUR_MS, inPercent, type StreamFinding } from "../stream-finding.ts";

export interface Lateness {
  events: number;
  /** Of them, those received more than an hour after they happened. */
  late: number;
}

const LEAST_EVENTS = 200;
/** Above this, and this many times the usual, senders hold events back or clocks are wrong. */
const SHARE = 0.05;
const TIMES = 3;

export function latenessOf(events: Iterable<{ at: number; receivedAt: number }>): Lateness {
  let [count, late] = [0, 0];
  for (const { at, receivedAt } of events) {
    count++;
    if (receivedAt - at > HOUR_MS) late++;
  }
  return { events: count, late };
}

/** Many more events than usual that come more than an hour after they happened. */
export function lateEvents(before: Lateness, now: Lateness, from: number, to: number): StreamFinding[] {
  if (now.events < LEAST_EVENTS) return [];
  const usual = before.events > 0 ? before.late / before.events : 0;
  const share = now.late / now.events;
  if (share < SHARE || share < TIMES * usual) return [];
  const expected = Math.round(usual * now.events);
  const reason = `${inPercent(share)} of ${now.events} events came more than an hour late, usually ${inPercent(usual)}`;
  return [{ fault: "late_events", subject: "events", from, to, expected, found: now.late, reason }];
}
