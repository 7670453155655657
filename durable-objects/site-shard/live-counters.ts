// What is happening now, as absolute windowed counts. A function of the events received and the clock, so that waking
// from the log gives the same state as never having slept.
import { ENGAGEMENT, type Event, PAGEVIEW } from "../../workers/domain/event.ts";
import { matchesGoal } from "../../workers/domain/goal.ts";
import { LIVE_MINUTES, LIVE_WINDOW_MS, type LiveCount, type LiveEvent } from "../../workers/domain/live.ts";
import type { Goal } from "../../workers/domain/site.ts";
import type { ShardLive } from "./protocol.ts";

const MINUTE_MS = 60_000;
const OPEN_MS = 30 * MINUTE_MS;
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
}

interface Minute {
  pageviews: number;
  events: number;
  /** Custom events by name and page views by path: what goals are counted from. */
  names: Map<string, number>;
  paths: Map<string, number>;
}

export interface LiveCounters {
  /** Events that happened before the windows began leave no trace. */
  apply(event: LiveFacts, now: number): void;
  /** Forgets what has left its window; true when that changed a count. */
  expire(now: number): boolean;
  /** The session of a visitor whose last event lies within 30 minutes. */
  openSession(visitorId: string): OpenSession | undefined;
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

export function createLiveCounters(): LiveCounters {
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
  let streamed = 0;

  function count(presence: Presence, by: 1 | -1): void {
    if (presence.page) bump(totals.page, presence.page, by);
    bump(totals.source, presence.source, by);
    if (presence.country) bump(totals.country, presence.country, by);
  }

  function arrive(event: LiveFacts): void {
    const before = present.get(event.visitorId);
    const at = Math.max(event.at, before?.at ?? 0);
    if (before) count(before, -1);
    // The source of a visit is that of its first event; the page is the one they are on.
    const presence = {
      at,
      page: event.name === PAGEVIEW || !before ? event.path : before.page,
      source: before?.source ?? event.source,
      country: event.country || (before?.country ?? ""),
    };
    count(presence, 1);
    present.set(event.visitorId, presence);
  }

  function extendSession({ visitorId, at }: LiveFacts): void {
    const session = open.get(visitorId);
    if (!session || at > session.at + OPEN_MS) open.set(visitorId, { start: at, at });
    else if (at >= session.start - OPEN_MS) {
      open.set(visitorId, { start: Math.min(session.start, at), at: Math.max(session.at, at) });
    }
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
    stream.push({ key: String(++streamed), at, name, path, source, country, device, browser });
    if (stream.length > STREAM) stream.shift();
  }

  function conversions(goal: Goal): number {
    let sum = 0;
    for (const minute of minutes.values()) {
      for (const [key, n] of goal.kind === "event" ? minute.names : minute.paths) if (matchesGoal(goal, key)) sum += n;
    }
    return sum;
  }

  return {
    apply(event, now) {
      if (event.at > now - LIVE_WINDOW_MS) arrive(event);
      if (event.at > now - OPEN_MS) extendSession(event);
      if (event.name !== ENGAGEMENT && event.at > now - OPEN_MS) tally(event);
    },
    expire(now) {
      let changed = false;
      for (const [visitor, presence] of present) {
        if (presence.at > now - LIVE_WINDOW_MS) continue;
        present.delete(visitor);
        count(presence, -1);
        changed = true;
      }
      for (const [visitor, session] of open) if (session.at <= now - OPEN_MS) open.delete(visitor);
      for (const start of minutes.keys()) {
        if (start > now - (LIVE_MINUTES + 1) * MINUTE_MS) continue;
        minutes.delete(start);
        changed = true;
      }
      return changed;
    },
    openSession: (visitorId) => open.get(visitorId),
    state(goals, now) {
      const since = now - (LIVE_MINUTES + 1) * MINUTE_MS;
      return {
        visitors: present.size,
        minutes: Array.from(minutes, ([start, { pageviews, events }]) => ({ start, pageviews, events }))
          .filter((minute) => minute.start > since)
          .sort((a, b) => a.start - b.start),
        pages: listed(totals.page),
        sources: listed(totals.source),
        countries: listed(totals.country),
        goals: goals.map((goal) => ({ name: goal.name, count: conversions(goal) })),
        events: stream.toReversed(),
      };
    },
  };
}
