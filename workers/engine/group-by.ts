// The one group-by under totals, time series and breakdowns.
//
// Event measures count events of the period. Session measures count sessions begun in the period that have a passing event,
// wherever in time that event lies, so that days add up; by an event dimension, a session counts once in each group that
// it has such an event in. Time is the event's for event measures and the session's start for session measures.

import {
  type CountMeasure,
  ENGAGEMENT_MEASURES,
  EVENT_MEASURES,
  type Measure,
  SESSION_MEASURES,
} from "../catalog/measure.ts";
import type { Filter } from "../domain/query.ts";
import { type Coding, knownDimension, NONE, rowCoding, sessionCoding } from "./coding.ts";
import { maskOf } from "./filter.ts";
import { type GroupSpace, groupSpace } from "./group-space.ts";
import { inChunks } from "./pace.ts";
import { engagementRows, eventRows, sessionRows, sessionsOf } from "./selection.ts";
import {
  countEngagement,
  countEvents,
  countRevenue,
  countSessions,
  type Grouped,
  type RevenueSums,
  type Step,
  type Sums,
} from "./tally.ts";
import type { View } from "./view.ts";

/** A goal as the events that reach it. */
export interface GoalFilter {
  name: string;
  filter: Filter;
}

export interface GroupRequest {
  measures: readonly Measure[];
  dimensions: readonly string[];
  filters: readonly Filter[];
  goals: readonly GoalFilter[];
}

/** One group: its value of each dimension ("" for none), its sums in the order of the measures, and its revenue. */
export interface GroupRow {
  key: string[];
  counts: number[];
  revenue?: Record<string, number>;
}

type Clock = "row" | "session";

/** How items are numbered: one coding per dimension, or several such lists when an item can be in several groups. */
type Numbering = readonly (readonly Coding[])[];

async function goalCoding(view: View, goals: readonly GoalFilter[], goal: number): Promise<Coding> {
  const mask = await maskOf(view, goals[goal]!.filter);
  const codes = new Uint32Array(mask.length);
  for (let row = 0; row < mask.length; row++) codes[row] = mask[row] === 1 ? goal : NONE;
  return { codes, values: goals.map(({ name }) => name) };
}

function isGoal(name: string): boolean {
  return knownDimension(name).read.from === "goal";
}

export async function rowNumbering(view: View, { dimensions, goals }: GroupRequest, clock: Clock): Promise<Numbering> {
  const alternatives = dimensions.some(isGoal) ? goals.map((_, goal) => goal) : [0];
  const numbering: Coding[][] = [];
  for (const goal of alternatives) {
    const codings: Coding[] = [];
    for (const name of dimensions) {
      codings.push(isGoal(name) ? await goalCoding(view, goals, goal) : await rowCoding(view, name, clock));
    }
    numbering.push(codings);
  }
  return numbering;
}

async function sessionNumbering(view: View, { dimensions }: GroupRequest): Promise<Numbering> {
  const codings: Coding[] = [];
  for (const name of dimensions) codings.push(await sessionCoding(view, name));
  return [codings];
}

interface Pass {
  numbering: Numbering;
  items: Uint32Array;
  /** Makes the counters once the number of groups is known. */
  counters(grouped: Grouped, size: number): { sums: Sums; step: Step }[];
}

const asksFor = (request: GroupRequest, measures: readonly Measure[]) =>
  request.measures.some((measure) => measures.includes(measure));

async function eventPass(view: View, request: GroupRequest, revenue: RevenueSums): Promise<Pass> {
  const withRevenue = asksFor(request, ["revenue", "payments"]);
  const currency = withRevenue ? await view.text("currency") : null;
  const amount = withRevenue ? await view.number("amount") : null;
  return {
    numbering: await rowNumbering(view, request, "row"),
    items: await eventRows(view, request.filters),
    counters: (grouped, size) => [
      countEvents(view, grouped, { size, undivided: request.dimensions.length === 0 }),
      ...(currency && amount ? [countRevenue(grouped, { size, currency, amount, into: revenue })] : []),
    ],
  };
}

async function sessionPass(view: View, request: GroupRequest): Promise<Pass> {
  const byEvent = request.dimensions.some((name) => knownDimension(name).scope === "event");
  const ofRow = byEvent ? view.sessions.ofRow : null;
  return {
    numbering: byEvent ? await rowNumbering(view, request, "session") : await sessionNumbering(view, request),
    items: byEvent ? await sessionRows(view, request.filters) : await sessionsOf(view, request.filters),
    counters: (grouped, size) => [countSessions(view, grouped, { size, ofRow })],
  };
}

async function engagementPass(view: View, request: GroupRequest): Promise<Pass> {
  const attention = await view.number("engagementMs");
  const depth = await view.number("scrollDepth");
  return {
    numbering: await rowNumbering(view, request, "row"),
    items: await engagementRows(view, request.filters),
    counters: (grouped, size) => [countEngagement(view, grouped, { size, attention, depth })],
  };
}

async function passesOf(view: View, request: GroupRequest, revenue: RevenueSums): Promise<Pass[]> {
  const passes: Pass[] = [];
  if (asksFor(request, [...EVENT_MEASURES, "revenue"])) passes.push(await eventPass(view, request, revenue));
  if (asksFor(request, SESSION_MEASURES)) passes.push(await sessionPass(view, request));
  if (asksFor(request, ENGAGEMENT_MEASURES)) passes.push(await engagementPass(view, request));
  return passes;
}

function rowsOf(space: GroupSpace, sums: Sums, options: { request: GroupRequest; revenue: RevenueSums }): GroupRow[] {
  const { request, revenue } = options;
  const columns = request.measures.map((measure) => (measure === "revenue" ? undefined : sums[measure]));
  // A group is there when something was counted in it; the asked measures may still all be zero.
  const marks = (["events", "visits", "engagedVisits"] as const).flatMap((measure) => sums[measure] ?? []);
  const rows: GroupRow[] = [];
  for (let group = 0; group < space.count(); group++) {
    if (!marks.some((mark) => mark[group]! > 0)) continue;
    const row: GroupRow = { key: space.valuesOf(group), counts: columns.map((column) => column?.[group] ?? 0) };
    const amounts = revenue.get(group);
    rows.push(amounts && request.measures.includes("revenue") ? { ...row, revenue: amounts } : row);
  }
  return rows;
}

function addSums(into: Sums, more: Sums): void {
  for (const [name, values] of Object.entries(more)) {
    const measure = name as CountMeasure; // the keys of Sums
    const sum = into[measure];
    if (!sum) into[measure] = values;
    else for (let group = 0; group < values.length; group++) sum[group]! += values[group]!;
  }
}

/** Every group with something in it, in no particular order. */
export async function groupBy(view: View, request: GroupRequest): Promise<GroupRow[]> {
  if (request.dimensions.some(isGoal) && request.goals.length === 0) return [];
  const revenue: RevenueSums = new Map();
  const passes = await passesOf(view, request, revenue);
  const codings = passes[0]?.numbering[0] ?? [];
  const space = groupSpace(codings.map(({ values }) => values));
  const grouped = passes.flatMap((pass) =>
    pass.numbering.map((list) => ({ pass, items: pass.items, groups: space.groupsOf(pass.items, list) })),
  );
  const sums: Sums = {};
  for (const { pass, items, groups } of grouped) {
    for (const counter of pass.counters({ items, groups }, space.count())) {
      await inChunks(items.length, counter.step, { pace: view.pace, weight: 2 });
      addSums(sums, counter.sums);
    }
  }
  return rowsOf(space, sums, { request, revenue });
}
