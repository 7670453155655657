// The windows under the live counters: who is here, which sessions are open, what each minute brought.
import { PAGEVIEW } from "../../workers/domain/event.ts";
import { LIVE_MINUTES, LIVE_WINDOW_MS, type LiveCount, type LiveMinute } from "../../workers/domain/live.ts";
import type { LiveFacts } from "./live-counters.ts";

export const MINUTE_MS = 60_000;
/** Silence longer than this ends a session. */
export const OPEN_MS = 30 * MINUTE_MS;
/** Events of longer ago leave no trace in the windows. */
export const REMEMBERED_MS = (LIVE_MINUTES + 1) * MINUTE_MS;
const LISTED = 100;

function bump(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

function listed(counts: Map<string, number>): LiveCount[] {
  return Array.from(counts, ([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, LISTED);
}

interface Presence {
  at: number;
  page: string;
  source: string;
  country: string;
}

/** Visitors with an event in the last five minutes, by where they are and came from. */
export function createPresence() {
  const present = new Map<string, Presence>();
  const pages = new Map<string, number>();
  const sources = new Map<string, number>();
  const countries = new Map<string, number>();

  function count(presence: Presence, by: 1 | -1): void {
    if (presence.page) bump(pages, presence.page, by);
    bump(sources, presence.source, by);
    if (presence.country) bump(countries, presence.country, by);
  }

  return {
    /** `source`: of the visit, which its first event brought; the page is the one they are on. */
    arrive(event: LiveFacts, source: string, now: number): void {
      const held = present.get(event.visitorId);
      const before = held && held.at > now - LIVE_WINDOW_MS ? held : undefined;
      if (!before && event.at <= now - LIVE_WINDOW_MS) return;
      const newer = !before || event.at >= before.at;
      const presence = {
        at: newer ? event.at : before.at,
        page: newer && (event.name === PAGEVIEW || !before) ? event.path : (before?.page ?? event.path),
        source,
        country: (newer && event.country) || before?.country || event.country,
      };
      if (held) count(held, -1);
      count(presence, 1);
      present.set(event.visitorId, presence);
    },
    expire(now: number): void {
      for (const [visitor, presence] of present) {
        if (presence.at > now - LIVE_WINDOW_MS) continue;
        present.delete(visitor);
        count(presence, -1);
      }
    },
    state: () => ({
      visitors: present.size,
      pages: listed(pages),
      sources: listed(sources),
      countries: listed(countries),
    }),
  };
}

export interface OpenSession {
  /** When it began. */
  start: number;
  /** Its last event so far. */
  at: number;
  /** Of its first event. */
  source: string;
}

/** Sessions whose last event lies within half an hour, and those that an event of half an hour ago would still prolong. */
export function createOpenSessions() {
  const open = new Map<string, OpenSession>();
  const isOver = (session: OpenSession, now: number) => session.at < now - 2 * OPEN_MS;
  return {
    extend({ visitorId, at, source }: LiveFacts): void {
      const session = open.get(visitorId);
      if (!session || at > session.at + OPEN_MS) open.set(visitorId, { start: at, at, source });
      else if (at >= session.start) open.set(visitorId, { ...session, at: Math.max(session.at, at) });
      else if (at >= session.start - OPEN_MS) open.set(visitorId, { start: at, at: session.at, source });
    },
    /** The visitor's session, unless it is over by `now`. */
    get(visitorId: string, now: number): OpenSession | undefined {
      const session = open.get(visitorId);
      return session && session.at >= now - OPEN_MS ? session : undefined;
    },
    all: (now: number): VisitorSession[] => [...open].filter(([, session]) => !isOver(session, now)),
    restore(visitorId: string, session: OpenSession): void {
      open.set(visitorId, session);
    },
    expire(now: number): void {
      for (const [visitor, session] of open) if (isOver(session, now)) open.delete(visitor);
    },
  };
}

export type VisitorSession = [visitorId: string, session: OpenSession];

interface Minute {
  pageviews: number;
  events: number;
  /** Custom events by name and page views by path: what goals are counted from. */
  names: Map<string, number>;
  paths: Map<string, number>;
}

/** The last thirty minutes and the one under way. */
export function createMinutes() {
  const minutes = new Map<number, Minute>();
  return {
    tally(event: LiveFacts): void {
      const start = Math.floor(event.at / MINUTE_MS) * MINUTE_MS;
      const minute = minutes.get(start) ?? { pageviews: 0, events: 0, names: new Map(), paths: new Map() };
      minutes.set(start, minute);
      minute.events++;
      if (event.name === PAGEVIEW) {
        minute.pageviews++;
        bump(minute.paths, event.path, 1);
      } else bump(minute.names, event.name, 1);
    },
    expire(now: number): void {
      for (const start of minutes.keys()) if (start <= now - REMEMBERED_MS) minutes.delete(start);
    },
    /** How often an event name or a path that `matches` was seen. */
    sum(kind: "event" | "page", matches: (key: string) => boolean): number {
      let sum = 0;
      for (const minute of minutes.values()) {
        for (const [key, n] of kind === "event" ? minute.names : minute.paths) if (matches(key)) sum += n;
      }
      return sum;
    },
    state: (): LiveMinute[] =>
      Array.from(minutes, ([start, { pageviews, events }]) => ({ start, pageviews, events })).sort(
        (a, b) => a.start - b.start,
      ),
  };
}
