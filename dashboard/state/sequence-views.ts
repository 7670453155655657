// What the pages of funnels, paths and retention ask, and how it stands in the address beside period and filters. Pure.
import type { AnalysisQueryInput } from "../../workers/domain/question.ts";
import {
  matcherOf,
  parseMatcher,
  parseMatchers,
  printMatcher,
  printMatchers,
  type SimpleMatcher,
} from "./matcher-text.ts";
import { type Scope, scopeQuestion } from "./questions.ts";
import type { View } from "./view.ts";

type Own = Pick<View, "own">;
/** Null leaves a default out of the address. */
type Printed = Record<string, string | null>;

const oneOf = <T extends string>(list: readonly T[], text: string | undefined): T =>
  list.find((one) => one === text) ?? list[0]!;
const unless = (text: string, usual: string): string | null => (text === usual ? null : text);

export const PERSONS = ["visitor", "session", "user"] as const;
/** In milliseconds where not by session; "" is without limit. */
export const WINDOWS = ["", "session", "3600000", "86400000", "604800000", "2592000000"] as const;

export interface FunnelView {
  steps: SimpleMatcher[];
  window: (typeof WINDOWS)[number];
  by: (typeof PERSONS)[number];
  breakdown: string;
}

export function parseFunnel({ own }: Own): FunnelView {
  return {
    steps: parseMatchers(own.steps ?? ""),
    window: oneOf(WINDOWS, own.window),
    by: oneOf(PERSONS, own.of),
    breakdown: own.by ?? "",
  };
}

export function printFunnel({ steps, window, by, breakdown }: FunnelView): Printed {
  return {
    steps: steps.length > 0 ? printMatchers(steps) : null,
    window: unless(window, ""),
    of: unless(by, "visitor"),
    by: unless(breakdown, ""),
  };
}

/** The same twice running means that it happened again, and not that one event was both. */
const repeats = (steps: readonly SimpleMatcher[]): boolean =>
  steps.some((step, i) => printMatchers([step]) === printMatchers(steps.slice(i + 1, i + 2)));

/** Null until there are two steps. */
export function funnelQuestion(scope: Scope, { steps, window, by, breakdown }: FunnelView): AnalysisQueryInput | null {
  if (steps.length < 2) return null;
  const within = window === "session" ? window : Number(window);
  return {
    ...scopeQuestion(scope),
    analysis: "funnel",
    params: {
      steps: steps.map(matcherOf),
      by,
      ...(repeats(steps) ? { strict: true } : {}),
      ...(window === "" ? {} : { window: within }),
      ...(breakdown === "" ? {} : { breakdown }),
    },
  };
}

export const PATH_STEPS = ["pages", "events", "all"] as const;
export const DIRECTIONS = ["from", "to"] as const;

export interface PathsView {
  anchor: SimpleMatcher | null;
  direction: (typeof DIRECTIONS)[number];
  steps: (typeof PATH_STEPS)[number];
  depth: number;
}

export const DEPTHS = [3, 4, 5, 6, 8] as const;
const USUAL_DEPTH = 5;

export function parsePaths({ own }: Own): PathsView {
  return {
    anchor: parseMatcher(own.at ?? ""),
    direction: oneOf(DIRECTIONS, own.way),
    steps: oneOf(PATH_STEPS, own.steps),
    depth: DEPTHS.find((depth) => String(depth) === own.depth) ?? USUAL_DEPTH,
  };
}

export function printPaths({ anchor, direction, steps, depth }: PathsView): Printed {
  return {
    at: anchor && printMatcher(anchor),
    way: unless(direction, "from"),
    steps: unless(steps, "pages"),
    depth: unless(String(depth), String(USUAL_DEPTH)),
  };
}

/** Pages or events drawn at each step. */
const NODES = 8;

export function pathsQuestion(scope: Scope, { anchor, direction, steps, depth }: PathsView): AnalysisQueryInput {
  return {
    ...scopeQuestion(scope),
    analysis: "paths",
    params: { steps, depth, limit: NODES, ...(anchor ? { [direction]: matcherOf(anchor) } : {}) },
  };
}

export const GRANULARITIES = ["week", "day", "month"] as const;
export const RETENTION_KINDS = ["bounded", "unbounded", "rolling"] as const;
export const COMERS = ["visitor", "user"] as const;

export interface RetentionView {
  cohort: SimpleMatcher | null;
  back: SimpleMatcher | null;
  granularity: (typeof GRANULARITIES)[number];
  kind: (typeof RETENTION_KINDS)[number];
  by: (typeof COMERS)[number];
}

export function parseRetention({ own }: Own): RetentionView {
  return {
    cohort: parseMatcher(own.first ?? ""),
    back: parseMatcher(own.again ?? ""),
    granularity: oneOf(GRANULARITIES, own.each),
    kind: oneOf(RETENTION_KINDS, own.kind),
    by: oneOf(COMERS, own.of),
  };
}

export function printRetention({ cohort, back, granularity, kind, by }: RetentionView): Printed {
  return {
    first: cohort && printMatcher(cohort),
    again: back && printMatcher(back),
    each: unless(granularity, "week"),
    kind: unless(kind, "bounded"),
    of: unless(by, "visitor"),
  };
}

export function retentionQuestion(scope: Scope, view: RetentionView): AnalysisQueryInput {
  const { cohort, back, granularity, kind, by } = view;
  return {
    ...scopeQuestion(scope),
    analysis: "retention",
    params: {
      granularity,
      kind,
      by,
      ...(cohort ? { cohort: matcherOf(cohort) } : {}),
      ...(back ? { return: matcherOf(back) } : {}),
    },
  };
}
