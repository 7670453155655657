// The shards' counters as one state, and what changed between two states. Pure.
import type { LiveChanges, LiveCount, LiveEvent, LiveMinute, LiveState } from "../../workers/domain/live.ts";
import type { ShardLive } from "../site-shard/protocol.ts";

const LISTED = 20;
const STREAM = 50;

function sumCounts(lists: LiveCount[][]): LiveCount[] {
  const sums = new Map<string, number>();
  for (const list of lists) for (const { name, count } of list) sums.set(name, (sums.get(name) ?? 0) + count);
  return Array.from(sums, ([name, count]) => ({ name, count })).sort(
    (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1),
  );
}

export function sumMinutes(lists: LiveMinute[][]): LiveMinute[] {
  const sums = new Map<number, LiveMinute>();
  for (const { start, pageviews, events } of lists.flat()) {
    const sum = sums.get(start) ?? { start, pageviews: 0, events: 0 };
    sums.set(start, { start, pageviews: sum.pageviews + pageviews, events: sum.events + events });
  }
  return [...sums.values()].sort((a, b) => a.start - b.start);
}

/** Whether each visitor is counted by one shard: what those of an epoch gave away, those of the next one have taken. */
export function isWhole(shards: Iterable<ShardLive>): boolean {
  const all = [...shards];
  const first = Math.min(...all.map(({ epoch }) => epoch));
  const last = Math.max(...all.map(({ epoch }) => epoch));
  const starts = (part: "given" | "taken", of: number) =>
    all.flatMap((shard) => (shard.epoch === of ? shard[part].map(({ from }) => from) : []));
  const given = new Set(starts("given", first));
  const taken = first === last ? [] : starts("taken", last);
  return given.size === taken.length && taken.every((from) => given.has(from));
}

/** Who counts which visitors: the same as long as none of them moves. */
export function holdersOf(shards: Iterable<ShardLive>): string {
  const given = [...shards].flatMap(({ epoch, given: ranges }) => ranges.map(({ from }) => `${epoch}:${from}`));
  return given.sort().join(" ");
}

/** A visitor lives in one shard, so the counts add up. */
export function mergeLive(shards: Iterable<ShardLive>): LiveState {
  const all = [...shards];
  return {
    visitors: all.reduce((sum, shard) => sum + shard.visitors, 0),
    minutes: sumMinutes(all.map((shard) => shard.minutes)),
    pages: sumCounts(all.map((shard) => shard.pages)).slice(0, LISTED),
    sources: sumCounts(all.map((shard) => shard.sources)).slice(0, LISTED),
    countries: sumCounts(all.map((shard) => shard.countries)).slice(0, LISTED),
    goals: sumCounts(all.map((shard) => shard.goals)),
    events: all
      .flatMap((shard) => shard.events)
      .sort((a, b) => b.at - a.at)
      .slice(0, STREAM),
  };
}

function changedCounts(before: LiveCount[], after: LiveCount[]): LiveCount[] {
  const old = new Map(before.map((one) => [one.name, one.count]));
  const now = new Set(after.map((one) => one.name));
  const changed = after.filter((one) => old.get(one.name) !== one.count);
  const gone = before.filter((one) => !now.has(one.name)).map((one) => ({ name: one.name, count: 0 }));
  return [...changed, ...gone];
}

function changedMinutes(before: LiveMinute[], after: LiveMinute[]): LiveMinute[] {
  const old = new Map(before.map((minute) => [minute.start, minute]));
  return after.filter((minute) => {
    const was = old.get(minute.start);
    return was?.pageviews !== minute.pageviews || was.events !== minute.events;
  });
}

function newEvents(before: LiveEvent[], after: LiveEvent[]): LiveEvent[] {
  const old = new Set(before.map((event) => event.key));
  return after.filter((event) => !old.has(event.key));
}

/** What a viewer who has `before` needs to have `after`; null when nothing does. */
export function changesBetween(before: LiveState, after: LiveState): LiveChanges | null {
  const lists = {
    minutes: changedMinutes(before.minutes, after.minutes),
    pages: changedCounts(before.pages, after.pages),
    sources: changedCounts(before.sources, after.sources),
    countries: changedCounts(before.countries, after.countries),
    goals: changedCounts(before.goals, after.goals),
    events: newEvents(before.events, after.events),
  };
  const changes: LiveChanges = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  if (before.visitors !== after.visitors) changes.visitors = after.visitors;
  return Object.keys(changes).length > 0 ? changes : null;
}
