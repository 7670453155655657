// Shards' partial answers become one.

import type { FigureAnswer } from "../analyses/figures.ts";
import { analyses } from "../analyses/index.ts";
import type { Table } from "../analyses/table.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";

/** What the shards found for one request. */
export interface Found {
  request: ScanRequest;
  partials: unknown[];
}

/** In the order of the requests. */
export function foundBy(requests: readonly ScanRequest[], replies: readonly ScanReply[]): Found[] {
  return requests.map((request, index) => ({ request, partials: replies.map((reply) => reply.partials[index]) }));
}

/** The finished groups of a request for totals, a time series or a breakdown. */
export function tableFrom({ request, partials }: Found): Table {
  // One analysis after another, since each has params of its own; only the plan names them.
  if (request.analysis === "totals")
    return analyses.totals.answer(partials, analyses.totals.params.parse(request.params));
  if (request.analysis === "timeseries")
    return analyses.timeseries.answer(partials, analyses.timeseries.params.parse(request.params));
  return analyses.breakdown.answer(partials, analyses.breakdown.params.parse(request.params));
}

/** What a question's own figures came to, by group. */
export function figuresFrom({ request, partials }: Found): FigureAnswer[] {
  return analyses.figures.answer(partials, analyses.figures.params.parse(request.params));
}

export function freshnessOf(replies: readonly ScanReply[]): number | null {
  const known = replies.flatMap(({ freshness }) => freshness ?? []);
  return known.length > 0 ? Math.max(...known) : null;
}

/** Nothing when no event was read back from the archive. */
export function archivedOf(replies: readonly ScanReply[]): { archived?: number } {
  const archived = replies.reduce((sum, reply) => sum + (reply.archived ?? 0), 0);
  return archived > 0 ? { archived } : {};
}

export function scannedOf(replies: readonly ScanReply[]): number {
  return replies.reduce((sum, { scanned }) => sum + scanned, 0);
}
