// Sums of measures by group: three passes over sorted lists. Since a visitor's rows are together, and a session's too, "seen
// already" is one comparison with the last one that the group met.

import { type CountMeasure, REVENUE_SCALE, SCROLL_SCALE } from "../catalog/measure.ts";
import { NONE } from "./coding.ts";
import { EVENT_KIND } from "./sessions.ts";
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

export function countEvents(view: View, { items, groups }: Grouped, size: number): { sums: Sums; step: Step } {
  const visitors = new Float64Array(size);
  const pageviews = new Float64Array(size);
  const events = new Float64Array(size);
  const last = new Uint32Array(size).fill(NONE);
  const { visitor, kind } = view;
  const step: Step = (start, end) => {
    for (let index = start; index < end; index++) {
      const group = groups[index]!;
      if (group === NONE) continue;
      const row = items[index]!;
      events[group]! += 1;
      if (kind[row] === EVENT_KIND.pageview) pageviews[group]! += 1;
      if (last[group] !== visitor[row]) {
        last[group] = visitor[row]!;
        visitors[group]! += 1;
      }
    }
  };
  return { sums: { visitors, pageviews, events }, step };
}

/** `items` are sessions, or rows of sessions with `ofRow` given; a session counts once in a group. */
export function countSessions(
  view: View,
  { items, groups }: Grouped,
  options: { size: number; ofRow: Int32Array | null },
): { sums: Sums; step: Step } {
  const { size, ofRow } = options;
  const visits = new Float64Array(size);
  const bounces = new Float64Array(size);
  const duration = new Float64Array(size);
  const visitPageviews = new Float64Array(size);
  const last = new Uint32Array(size).fill(NONE);
  const { start: begun, end: ended, pageviews } = view.sessions;
  const step: Step = (start, end) => {
    for (let index = start; index < end; index++) {
      const group = groups[index]!;
      const session = ofRow ? ofRow[items[index]!]! : items[index]!;
      if (group === NONE || last[group] === session) continue;
      last[group] = session;
      visits[group]! += 1;
      if (pageviews[session] === 1) bounces[group]! += 1;
      duration[group]! += Math.round(ended[session]! - begun[session]!);
      visitPageviews[group]! += pageviews[session]!;
    }
  };
  return { sums: { visits, bounces, duration, visitPageviews }, step };
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
