// Who came back when: one person at a time, added to a triangle of cohorts by buckets.

import type { Doings, History } from "../engine/histories.ts";

export const RETENTION_KINDS = ["bounded", "unbounded", "rolling"] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

export const COHORT = 1;
export const RETURN = 2;

export interface RetentionRule {
  kind: RetentionKind;
  /** Starts of the period's buckets, milliseconds. */
  starts: readonly number[];
  /** Length of a rolling bucket, milliseconds. */
  span: number;
}

export interface Triangle {
  /** People by the bucket of their first cohort event. */
  sizes: number[];
  /** By cohort and buckets since: people who returned. */
  returned: number[][];
}

export function emptyTriangle(buckets: number): Triangle {
  return {
    sizes: Array(buckets).fill(0),
    returned: Array.from({ length: buckets }, (_, cohort) => Array(buckets - cohort).fill(0)),
  };
}

export function mergeTriangles(a: Triangle, b: Triangle): Triangle {
  return {
    sizes: a.sizes.map((size, cohort) => size + b.sizes[cohort]!),
    returned: a.returned.map((counts, cohort) => counts.map((count, since) => count + b.returned[cohort]![since]!)),
  };
}

function bucketAt(starts: readonly number[], time: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** When the first event that starts a cohort was; null without one. */
function firstOf({ length, at, bits }: Doings): number | null {
  for (let index = 0; index < length; index++) if (bits[index]! & COHORT) return at[index]!;
  return null;
}

export function startsCohort(did: Doings): boolean {
  return firstOf(did) !== null;
}

/** Adds one person, in place; bits COHORT and RETURN. One without a cohort event is not counted. */
export function addPerson(triangle: Triangle, did: Doings, { kind, starts, span }: RetentionRule): void {
  const first = firstOf(did);
  if (first === null) return;
  const cohort = bucketAt(starts, first);
  triangle.sizes[cohort]! += 1;
  const counts = triangle.returned[cohort]!;
  const { length, at, bits } = did;
  // Moments rise, so buckets do: one met already is the one met last.
  let last = -1;
  for (let index = 0; index < length; index++) {
    const time = at[index]!;
    if ((bits[index]! & RETURN) === 0 || time < first) continue;
    const since = kind === "rolling" ? Math.floor((time - first) / span) : bucketAt(starts, time) - cohort;
    if (since === last || since >= counts.length) continue;
    if (kind === "unbounded") for (let earlier = last + 1; earlier < since; earlier++) counts[earlier]! += 1;
    counts[since]! += 1;
    last = since;
  }
}

/** The least of a person's moments that gives the same answer, whatever other shards add. */
export function essential(did: Doings, { kind, starts }: RetentionRule): History {
  const kept = new Map<string, { at: number; bits: number }>();
  const first = firstOf(did);
  if (first !== null) kept.set("first", { at: first, bits: COHORT });
  for (let index = 0; index < did.length; index++) {
    if ((did.bits[index]! & RETURN) === 0) continue;
    const at = did.at[index]!;
    // Of a bucket the last return decides: it is the one that may lie after the first event.
    kept.set(kind === "rolling" ? `at ${at}` : `in ${bucketAt(starts, at)}`, { at, bits: RETURN });
  }
  const list = [...kept.values()].sort((a, b) => a.at - b.at);
  return { at: list.map(({ at }) => at), bits: list.map(({ bits }) => bits) };
}
