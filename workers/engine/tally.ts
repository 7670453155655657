// Sums of measures by group: three passes over sorted lists. Since a visitor's rows are together, and a session's too, "seen
// already" is one comparison with the last one that the group met.

import { type CountMeasure, REVENUE_SCALE, SCROLL_SCALE } from "../catalog/measure.ts";
import { NONE } from "./coding.ts";
import type { Range } from "./pace.ts";
import { EVENT_KIND, type Sessions } from "./sessions.ts";
import type { View, ViewColumn } from "./view.ts";

/** Sums per group, by measure. */
export type Sums = Partial<Record<CountMeasure, Float64Array>>;

/** Items (rows or sessions) and the group of each, NONE for those in no group. */
export interface Grouped {
  items: Uint32Array;
  groups: Uint32Array;
}

/** A step over a part of the items, so that the caller can give way between parts. */
export type Step = (start: number, end: number) => void;

// The loops over rows are functions of their own that are given all they touch; closures would look it up at every row.

interface EventCounts {
  visitors: Float64Array;
  pageviews: Float64Array;
  events: Float64Array;
  /** The last visitor that each group met. */
  last: Uint32Array;
}

function tallyEvents(counts: EventCounts, { visitor, kind }: View, { items, groups }: Grouped, { start, end }: Range) {
  const { visitors, pageviews, events, last } = counts;
  for (let index = start; index < end; index++) {
    const group = groups[index]!;
    if (group === NONE) continue;
    const row = items[index]!;
    const own = visitor[row]!;
    events[group]! += 1;
    pageviews[group]! += Number(kind[row] === EVENT_KIND.pageview);
    visitors[group]! += Number(last[group] !== own);
    last[group] = own;
  }
}

/** The same where all items are in one group, which needs no looking up. */
function tallyAll(counts: EventCounts, { visitor, kind }: View, items: Uint32Array, { start, end }: Range) {
  let last = counts.last[0]!;
  let visitors = 0;
  let pageviews = 0;
  for (let index = start; index < end; index++) {
    const row = items[index]!;
    const own = visitor[row]!;
    pageviews += Number(kind[row] === EVENT_KIND.pageview);
    visitors += Number(last !== own);
    last = own;
  }
  counts.last[0] = last;
  counts.visitors[0]! += visitors;
  counts.pageviews[0]! += pageviews;
  counts.events[0]! += end - start;
}

export function countEvents(
  view: View,
  grouped: Grouped,
  { size, undivided }: { size: number; undivided: boolean },
): { sums: Sums; step: Step } {
  const sums = { visitors: new Float64Array(size), pageviews: new Float64Array(size), events: new Float64Array(size) };
  const counts = { ...sums, last: new Uint32Array(size).fill(NONE) };
  const step: Step = undivided
    ? (start, end) => tallyAll(counts, view, grouped.items, { start, end })
    : (start, end) => tallyEvents(counts, view, grouped, { start, end });
  return { sums, step };
}

interface SessionCounts {
  visits: Float64Array;
  bounces: Float64Array;
  duration: Float64Array;
  visitPageviews: Float64Array;
  /** The last session that each group met. */
  last: Uint32Array;
}

interface SessionItems extends Grouped {
  sessions: Sessions;
  ofRow: Int32Array | null;
}

function tallySessions(counts: SessionCounts, { items, groups, sessions, ofRow }: SessionItems, { start, end }: Range) {
  const { visits, bounces, duration, visitPageviews, last } = counts;
  const { start: begun, end: ended, pageviews } = sessions;
  for (let index = start; index < end; index++) {
    const group = groups[index]!;
    const item = items[index]!;
    const session = ofRow === null ? item : ofRow[item]!;
    if (group === NONE || last[group] === session) continue;
    last[group] = session;
    visits[group]! += 1;
    bounces[group]! += Number(pageviews[session] === 1);
    duration[group]! += Math.round(ended[session]! - begun[session]!);
    visitPageviews[group]! += pageviews[session]!;
  }
}

/** `items` are sessions, or rows of sessions with `ofRow` given; a session counts once in a group. */
export function countSessions(
  view: View,
  grouped: Grouped,
  options: { size: number; ofRow: Int32Array | null },
): { sums: Sums; step: Step } {
  const { size, ofRow } = options;
  const sums = {
    visits: new Float64Array(size),
    bounces: new Float64Array(size),
    duration: new Float64Array(size),
    visitPageviews: new Float64Array(size),
  };
  const counts = { ...sums, last: new Uint32Array(size).fill(NONE) };
  const items = { ...grouped, sessions: view.sessions, ofRow };
  return { sums, step: (start, end) => tallySessions(counts, items, { start, end }) };
}

export function countEngagement(
  view: View,
  { items, groups }: Grouped,
  options: { size: number; attention: Float64Array; depth: Float64Array },
): { sums: Sums; step: Step } {
  const { size, attention, depth } = options;
  const engagement = new Float64Array(size);
  const engagedVisits = new Float64Array(size);
  const scrollDepth = new Float64Array(size);
  const scrolledVisitors = new Float64Array(size);
  const lastSession = new Uint32Array(size).fill(NONE);
  const lastVisitor = new Uint32Array(size).fill(NONE);
  const deepest = new Float64Array(size);
  const { ofRow } = view.sessions;

  function addDepth(group: number, visitor: number, hundredths: number): void {
    if (hundredths === 0) return;
    if (lastVisitor[group] !== visitor) {
      lastVisitor[group] = visitor;
      deepest[group] = 0;
      scrolledVisitors[group]! += 1;
    }
    if (hundredths <= deepest[group]!) return;
    scrollDepth[group]! += hundredths - deepest[group]!;
    deepest[group] = hundredths;
  }

  const step: Step = (start, end) => {
    for (let index = start; index < end; index++) {
      const group = groups[index]!;
      if (group === NONE) continue;
      const row = items[index]!;
      engagement[group]! += Math.round(attention[row]!);
      if (lastSession[group] !== ofRow[row]) {
        lastSession[group] = ofRow[row]!;
        engagedVisits[group]! += 1;
      }
      addDepth(group, view.visitor[row]!, Math.round(depth[row]! * SCROLL_SCALE));
    }
  };
  return { sums: { engagement, engagedVisits, scrollDepth, scrolledVisitors }, step };
}

/** Amounts by group and currency, in ten-thousandths. */
export type RevenueSums = Map<number, Record<string, number>>;

export function countRevenue(
  { items, groups }: Grouped,
  options: { size: number; currency: ViewColumn; amount: Float64Array; into: RevenueSums },
): { sums: Sums; step: Step } {
  const { currency, amount, into } = options;
  const payments = new Float64Array(options.size);
  const none = currency.dict.indexOf("");
  const step: Step = (start, end) => {
    for (let index = start; index < end; index++) {
      const row = items[index]!;
      const group = groups[index]!;
      const code = currency.codes[row]!;
      if (code === none || group === NONE) continue;
      payments[group]! += 1;
      const sums = into.get(group) ?? {};
      const name = currency.dict[code]!;
      sums[name] = (sums[name] ?? 0) + Math.round(amount[row]! * REVENUE_SCALE);
      into.set(group, sums);
    }
  };
  return { sums: { payments }, step };
}
