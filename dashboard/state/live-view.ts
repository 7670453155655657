// The live page's numbers as a fold over the server's messages. Counts are absolute, so applying a message twice, or a
// snapshot after a gap, gives what the server shows and nothing else.
import {
  LIVE_MINUTES,
  type LiveChanges,
  type LiveCount,
  type LiveEvent,
  type LiveMessage,
  type LiveMinute,
  type LiveState,
} from "../../workers/domain/live.ts";

export const LIST_LIMIT = 20;
export const EVENT_LIMIT = 50;
const MINUTE_MS = 60_000;

export interface LiveView {
  sequence: number;
  state: LiveState;
}

const newestFirst = (a: LiveEvent, b: LiveEvent): number => b.at - a.at || (a.key < b.key ? 1 : -1);
const mostFirst = (a: LiveCount, b: LiveCount): number => b.count - a.count || (a.name < b.name ? -1 : 1);

function mergeCounts(before: LiveCount[], changed: LiveCount[] | undefined, limit: number): LiveCount[] {
  if (!changed) return before;
  const byName = new Map(before.map((entry) => [entry.name, entry]));
  for (const entry of changed) byName.set(entry.name, entry);
  return [...byName.values()]
    .filter((entry) => entry.count > 0)
    .sort(mostFirst)
    .slice(0, limit);
}

/** Keeps the newest minutes of the window that ends with the latest one known. */
function mergeMinutes(before: LiveMinute[], changed: LiveMinute[] | undefined): LiveMinute[] {
  if (!changed) return before;
  const byStart = new Map(before.map((minute) => [minute.start, minute]));
  for (const minute of changed) byStart.set(minute.start, minute);
  const sorted = [...byStart.values()].sort((a, b) => a.start - b.start);
  const first = (sorted.at(-1)?.start ?? 0) - (LIVE_MINUTES - 1) * MINUTE_MS;
  return sorted.filter((minute) => minute.start >= first);
}

function mergeEvents(before: LiveEvent[], added: LiveEvent[] | undefined): LiveEvent[] {
  if (!added) return before;
  const byKey = new Map([...added, ...before].map((event) => [event.key, event]));
  return [...byKey.values()].sort(newestFirst).slice(0, EVENT_LIMIT);
}

function applyChanges(state: LiveState, changes: LiveChanges): LiveState {
  return {
    visitors: changes.visitors ?? state.visitors,
    minutes: mergeMinutes(state.minutes, changes.minutes),
    pages: mergeCounts(state.pages, changes.pages, LIST_LIMIT),
    sources: mergeCounts(state.sources, changes.sources, LIST_LIMIT),
    countries: mergeCounts(state.countries, changes.countries, LIST_LIMIT),
    goals: mergeCounts(state.goals, changes.goals, Number.POSITIVE_INFINITY),
    events: mergeEvents(state.events, changes.events),
  };
}

const NOTHING: LiveState = {
  visitors: 0,
  minutes: [],
  pages: [],
  sources: [],
  countries: [],
  goals: [],
  events: [],
};

/** A snapshot replaces everything; changes older than what is shown, or before any snapshot, are passed over. */
export function applyMessage(view: LiveView | null, message: LiveMessage): LiveView | null {
  if (message.type === "snapshot") {
    return { sequence: message.sequence, state: applyChanges(NOTHING, message.state) };
  }
  if (!view || message.sequence <= view.sequence) return view;
  return { sequence: message.sequence, state: applyChanges(view.state, message.changes) };
}

/** Exactly LIVE_MINUTES minutes ending with the one that holds `now`; the absent ones are zero. */
export function minuteWindow(minutes: LiveMinute[], now: number): LiveMinute[] {
  const byStart = new Map(minutes.map((minute) => [minute.start, minute]));
  const last = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return Array.from({ length: LIVE_MINUTES }, (_, i) => {
    const start = last - (LIVE_MINUTES - 1 - i) * MINUTE_MS;
    return byStart.get(start) ?? { start, pageviews: 0, events: 0 };
  });
}
