// What is happening now, as absolute windowed counts. A function of the events and of when they came, so that waking from
// storage gives the same state as never having slept, and nothing depends on when what is over was forgotten.
import { ENGAGEMENT, type Event, PAGEVIEW } from "../../workers/domain/event.ts";
import { matchesGoal } from "../../workers/domain/goal.ts";
import { LIVE_MINUTES, LIVE_WINDOW_MS, type LiveCount, type LiveEvent } from "../../workers/domain/live.ts";
import type { Goal } from "../../workers/domain/site.ts";
import type { ShardLive } from "./protocol.ts";

const MINUTE_MS = 60_000;
/** Silence longer than this ends a session. */
export const OPEN_MS = 30 * MINUTE_MS;
/** Events that happened longer ago than this leave no trace in the counters. */
export const REMEMBERED_MS = (LIVE_MINUTES + 1) * MINUTE_MS;
const STREAM = 50;
const LISTED = 100;

export type LiveFacts = Pick<Event, "name" | "at" | "visitorId" | "path" | "source" | "country" | "device" | "browser">;

interface Presence {
  at: number;
  page: string;
  source: string;
  country: string;
}

export interface OpenSession {
  /** When it began. */
  start: number;
  /** Its last event so far. */
  at: number;
  /** Of its first event. */
  source: string;
}

interface Minute {
  pageviews: number;
  events: number;
  /** Custom events by name and page views by path: what goals are counted from. */
  names: Map<string, number>;
  paths: Map<string, number>;
}

export interface LiveCounters {
  /** `now`: when the event came. */
  apply(event: LiveFacts, now: number): void;
  /** Forgets what has left its window. */
  expire(now: number): void;
  /** The visitor's session, unless it is over by `now`. */
  openSession(visitorId: string, now: number): OpenSession | undefined;
  /** Sessions by visitor, those that are over by `now` left out: what a restart cannot tell from recent events alone. */
  openSessions(now: number): [visitorId: string, session: OpenSession][];
  restoreSession(visitorId: string, session: OpenSession): void;
  state(goals: readonly Goal[], now: number): Omit<ShardLive, "epoch" | "shard" | "sequence">;
}

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

/** `counted`: events that came before the first one to be applied; the stream's keys go on from there. */
export function createLiveCounters(counted = 0): LiveCounters {
  const present = new Map<string, Presence>();
  const open = new Map<string, OpenSession>();
  const minutes = new Map<number, Minute>();
  const totals = {
    page: new Map<string, number>(),
    source: new Map<string, number>(),
    country: new Map<string, number>(),
  };
  /** Oldest first. */
  const stream: LiveEvent[] = [];
  let ordinal = counted;

  const openSession = (visitorId: string, now: number): OpenSession | undefined => {
    const session = open.get(visitorId);
    return session && session.at >= now - OPEN_MS ? session : undefined;
  };

  function count(presence: Presence, by: 1 | -1): void {
    if (presence.page) bump(totals.page, presence.page, by);
    bump(totals.source, presence.source, by);
    if (presence.country) bump(totals.country, presence.country, by);
  }

  function arrive(event: LiveFacts, now: number): void {
    const { visitorId } = event;
    const held = present.get(visitorId);
    const before = held && held.at > now - LIVE_WINDOW_MS ? held : undefined;
    if (!before && event.at <= now - LIVE_WINDOW_MS) return;
    const newer = !before || event.at >= before.at;
    const presence = {
      at: newer ? event.at : before.at,
      page: newer && (event.name === PAGEVIEW || !before) ? event.path : (before?.page ?? event.path),
      source: openSession(visitorId, now)?.source ?? event.source,
      country: (newer && event.country) || before?.country || event.country,
    };
    if (held) count(held, -1);
    count(presence, 1);
    present.set(visitorId, presence);
  }

  function extendSession({ visitorId, at, source }: LiveFacts): void {
    const session = open.get(visitorId);
    if (!session || at > session.at + OPEN_MS) open.set(visitorId, { start: at, at, source });
    else if (at >= session.start) open.set(visitorId, { ...session, at: Math.max(session.at, at) });
    else if (at >= session.start - OPEN_MS) open.set(visitorId, { start: at, at: session.at, source });
  }

  function tally(event: LiveFacts): void {
    const start = Math.floor(event.at / MINUTE_MS) * MINUTE_MS;
    let minute = minutes.get(start);
    if (!minute) {
      minute = { pageviews: 0, events: 0, names: new Map(), paths: new Map() };
      minutes.set(start, minute);
    }
    minute.events++;
    if (event.name === PAGEVIEW) {
      minute.pageviews++;
      bump(minute.paths, event.path, 1);
    } else bump(minute.names, event.name, 1);
    const { at, name, path, source, country, device, browser } = event;
    stream.push({ key: String(ordinal), at, name, path, source, country, device, browser });
    if (stream.length > STREAM) stream.shift();
  }

  function conversions(goal: Goal, since: number): number {
    let sum = 0;
    for (const [start, minute] of minutes) {
      if (start <= since) continue;
      for (const [key, n] of goal.kind === "event" ? minute.names : minute.paths) if (matchesGoal(goal, key)) sum += n;
    }
    return sum;
  }

  return {
    apply(event, now) {
      ordinal++;
      if (event.at >= now - OPEN_MS) extendSession(event);
      arrive(event, now);
      if (event.name !== ENGAGEMENT && event.at >= now - OPEN_MS) tally(event);
    },
    expire(now) {
      for (const [visitor, presence] of present) {
        if (presence.at > now - LIVE_WINDOW_MS) continue;
        present.delete(visitor);
        count(presence, -1);
      }
      for (const [visitor, session] of open) if (session.at < now - OPEN_MS) open.delete(visitor);
      for (const start of minutes.keys()) if (start <= now - REMEMBERED_MS) minutes.delete(start);
    },
    openSession,
    openSessions: (now) => [...open].filter(([, session]) => session.at >= now - OPEN_MS),
    restoreSession(visitorId, session) {
      open.set(visitorId, session);
    },
    state(goals, now) {
      const since = now - REMEMBERED_MS;
      return {
        visitors: present.size,
        minutes: Array.from(minutes, ([start, { pageviews, events }]) => ({ start, pageviews, events }))
          .filter((minute) => minute.start > since)
          .sort((a, b) => a.start - b.start),
        pages: listed(totals.page),
        sources: listed(totals.source),
        countries: listed(totals.country),
        goals: goals.map((goal) => ({ name: goal.name, count: conversions(goal, since) })),
        events: stream.filter((event) => event.at > since).reverse(),
      };
    },
  };
}
