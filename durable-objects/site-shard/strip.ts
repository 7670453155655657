// The minute strip: page views and events of each minute of the last two days and an hour, for live charts and alert rules.
import { ENGAGEMENT, PAGEVIEW } from "../../workers/domain/event.ts";
import { type LiveMinute, STRIP_MS } from "../../workers/domain/live.ts";

const MINUTE_MS = 60_000;

export interface Strip {
  add(event: { name: string; at: number }): void;
  expire(now: number): void;
  /** Minutes that have events, oldest first. */
  minutes(): LiveMinute[];
}

export function createStrip(stored: readonly LiveMinute[] = []): Strip {
  const minutes = new Map<number, LiveMinute>(stored.map((minute) => [minute.start, { ...minute }]));
  return {
    add({ name, at }) {
      if (name === ENGAGEMENT) return;
      const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
      const minute = minutes.get(start) ?? { start, pageviews: 0, events: 0 };
      minute.events++;
      if (name === PAGEVIEW) minute.pageviews++;
      minutes.set(start, minute);
    },
    expire(now) {
      for (const start of minutes.keys()) if (start < now - STRIP_MS) minutes.delete(start);
    },
    minutes: () => [...minutes.values()].sort((a, b) => a.start - b.start),
  };
}
