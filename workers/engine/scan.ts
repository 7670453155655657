// Answers several questions from one reading of the events. Everything is read at once when the scan starts, so that all
// answers describe the same moment; then it computes, and gives way at least every ten milliseconds or so.

import type { Period } from "../domain/period.ts";
import type { Filter } from "../domain/query.ts";
import type { Batch } from "./columns.ts";
import { load, snapshotOf } from "./load.ts";
import { type Pace, paceOf } from "./pace.ts";
import type { BatchSource } from "./source.ts";
import { openView, type View } from "./view.ts";

export type { BatchSource } from "./source.ts";

export interface ScanRequest {
  /** Name of a registered analysis. */
  analysis: string;
  params: unknown;
  /** Milliseconds; `to` is exclusive. */
  from: number;
  to: number;
  timeZone: string;
  filters: Filter[];
  /** Milliseconds before `from` from which the view also holds rows of its visitors; none when left out. */
  lookBack?: number;
}

export interface ScanReply {
  /** One per request, JSON-able; the analysis merges them. */
  partials: unknown[];
  /** Rows looked at. */
  scanned: number;
  /** Receipt time of the newest event of the periods asked for, milliseconds; null when there is none. */
  freshness: number | null;
  /** Time of the oldest event of all, milliseconds; null when there is none. */
  earliest: number | null;
}

/** What the scan needs of an analysis: its share of an answer, from one view. */
export interface Scannable {
  scan(view: View, params: unknown, filters: readonly Filter[]): Promise<unknown>;
}

export interface ScanOptions {
  analyses: Readonly<Record<string, Scannable>>;
  /** Gives way to the event loop. */
  pause: () => Promise<void>;
}

interface Task {
  request: ScanRequest;
  index: number;
}

interface PeriodGroup {
  tasks: Task[];
  snapshot: Batch[];
}

function reachOf({ from, to, lookBack = 0 }: ScanRequest): Period {
  return { from: from - lookBack, to };
}

/** Requests for the same period share one load. */
function groupByPeriod(source: BatchSource, requests: readonly ScanRequest[]): PeriodGroup[] {
  const groups = new Map<string, PeriodGroup>();
  requests.forEach((request, index) => {
    const key = `${request.from} ${request.to} ${request.timeZone} ${request.lookBack ?? 0}`;
    const group = groups.get(key) ?? { tasks: [], snapshot: snapshotOf(source, reachOf(request)) };
    group.tasks.push({ request, index });
    groups.set(key, group);
  });
  return [...groups.values()];
}

async function answer(
  source: BatchSource,
  { tasks, snapshot }: PeriodGroup,
  options: { analyses: ScanOptions["analyses"]; pace: Pace; partials: unknown[] },
): Promise<{ scanned: number; freshness: number | null }> {
  const { pace, partials } = options;
  const { from, to, timeZone } = tasks[0]!.request;
  const period = { from, to };
  const loaded = await load(source, snapshot, { period: reachOf(tasks[0]!.request), pace });
  const view = await openView(loaded, { period, timeZone, pace });
  for (const { request, index } of tasks) {
    const analysis = options.analyses[request.analysis];
    if (!analysis) throw new Error(`no analysis ${request.analysis}`);
    partials[index] = await analysis.scan(view, request.params, request.filters);
  }
  return { scanned: loaded.scanned, freshness: loaded.freshness };
}

/** With no requests it only tells the bounds of what there is. */
export async function scan(
  source: BatchSource,
  requests: readonly ScanRequest[],
  { analyses, pause }: ScanOptions,
): Promise<ScanReply> {
  const pace = paceOf(pause);
  const earliest = Number.isFinite(source.earliest) ? source.earliest : null;
  const partials: unknown[] = [];
  const groups = groupByPeriod(source, requests);
  let scanned = 0;
  let freshness: number | null = null;
  for (const group of groups) {
    const part = await answer(source, group, { analyses, pace, partials });
    scanned += part.scanned;
    if (part.freshness !== null) freshness = Math.max(freshness ?? part.freshness, part.freshness);
  }
  return { partials, scanned, freshness, earliest };
}
