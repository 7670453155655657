// Who came back when: one person at a time, added to a triangle of cohorts by buckets.

import type { History } from "../engine/histories.ts";

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

/** What a person did, by number; bits COHORT and RETURN. */
export interface Moments {
  length: number;
  at(index: number): number;
  bits(index: number): number;
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

function firstOf({ length, at, bits }: Moments): number | null {
  for (let index = 0; index < length; index++) if (bits(index) & COHORT) return at(index);
  return null;
}

export function startsCohort(moments: Moments): boolean {
  return firstOf(moments) !== null;
}

/** Buckets since the first event in which, or until which, the person returned. */
function returnsOf(moments: Moments, first: number, rule: RetentionRule): Set<number> {
  const { kind, starts, span } = rule;
  const cohort = bucketAt(starts, first);
  const found = new Set<number>();
  for (let index = 0; index < moments.length; index++) {
    const at = moments.at(index);
    if ((moments.bits(index) & RETURN) === 0 || at < first) continue;
    found.add(kind === "rolling" ? Math.floor((at - first) / span) : bucketAt(starts, at) - cohort);
  }
  if (kind !== "unbounded" || found.size === 0) return found;
  return new Set(Array(Math.max(...found) + 1).keys());
}

/** Adds one person, in place; moments in order of time. One without a cohort event is not counted. */
export function addPerson(triangle: Triangle, moments: Moments, rule: RetentionRule): void {
  const first = firstOf(moments);
  if (first === null) return;
  const cohort = bucketAt(rule.starts, first);
  triangle.sizes[cohort]! += 1;
  const counts = triangle.returned[cohort]!;
  for (const since of returnsOf(moments, first, rule)) if (since < counts.length) counts[since]! += 1;
}

/** The least of a person's moments that gives the same answer, whatever other shards add. */
export function essential(moments: Moments, { kind, starts }: RetentionRule): History {
  const kept = new Map<string, { at: number; bits: number }>();
  const first = firstOf(moments);
  if (first !== null) kept.set("first", { at: first, bits: COHORT });
  for (let index = 0; index < moments.length; index++) {
    if ((moments.bits(index) & RETURN) === 0) continue;
    const at = moments.at(index);
    // Of a bucket the last return decides: it is the one that may lie after the first event.
    kept.set(kind === "rolling" ? `at ${at}` : `in ${bucketAt(starts, at)}`, { at, bits: RETURN });
  }
  const list = [...kept.values()].sort((a, b) => a.at - b.at);
  return { at: list.map(({ at }) => at), bits: list.map(({ bits }) => bits) };
}
