// The live protocol: what LiveSite sends over the WebSocket `GET /api/v1/sites/:id/live`, as JSON text frames.
// All counts are absolute, so a fresh snapshot after a reconnect has neither gap nor double count.

export interface LiveCount {
  name: string;
  count: number;
}

export interface LiveMinute {
  /** Start of the minute, milliseconds UTC. */
  start: number;
  pageviews: number;
  /** Page views and custom events. */
  events: number;
}

/** One line of the event stream. No visitor id in it. */
export interface LiveEvent {
  /** Unique and rising within a shard: `epoch.shard.sequence`. */
  key: string;
  at: number;
  name: string;
  path: string;
  source: string;
  country: string;
  device: string;
  browser: string;
}

export interface LiveState {
  /** Visitors with an event in the last 5 minutes. */
  visitors: number;
  /** The last 30 minutes that have events, oldest first; absent minutes are zero. */
  minutes: LiveMinute[];
  /** Current visitors by the page they are on, most first, at most 20. */
  pages: LiveCount[];
  sources: LiveCount[];
  countries: LiveCount[];
  /** Conversions of the last 30 minutes, every goal of the site. */
  goals: LiveCount[];
  /** Newest first, at most 50. */
  events: LiveEvent[];
}

/** Changed entries only: in a list, `count: 0` means gone; `events` holds new ones; minutes replace those of equal start. */
export type LiveChanges = Partial<LiveState>;

export type LiveMessage =
  | { type: "snapshot"; sequence: number; now: number; state: LiveState }
  | { type: "changes"; sequence: number; now: number; changes: LiveChanges };

/** How far back minutes are counted live: a day and the day before it, whole, also where they are looked at some minutes late. */
export const STRIP_MS = 49 * 3600_000;
export const LIVE_WINDOW_MS = 5 * 60_000;
export const LIVE_MINUTES = 30;
