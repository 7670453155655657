// What a rule's conditions say of a minute.
import type { NewAlertRule } from "../domain/alert.ts";
import type { AlertCondition, MetricCondition } from "../domain/alert-condition.ts";
import { isOfMetric, type Step, stepOf } from "../domain/condition-step.ts";
import { isWatched } from "../domain/watched-metrics.ts";
import type { Detector, Evaluation } from "./detector.ts";
import { detectors } from "./detectors/index.ts";
import { HOUR_MS, MINUTE_MS, type Series, SLOT_MS } from "./series.ts";

/** Hours are looked at so long after their end, when what came late has mostly come. */
export const HOUR_SETTLES_MS = 5 * MINUTE_MS;
/** By then each isolate has mostly told of its slot. */
const SLOT_SETTLES_MS = 2 * MINUTE_MS;

/** Whether an hour is looked at within these minutes. */
export const needsHours = ({ after, through }: { after: number; through: number }): boolean =>
  Math.floor((through - HOUR_SETTLES_MS) / HOUR_MS) > Math.floor((after - HOUR_SETTLES_MS) / HOUR_MS);

export type Judged = Pick<NewAlertRule, "conditions" | "match" | "filters" | "split">;

/** A rule's condition; `part` is the value of its split, null where it has none. */
export interface Asked {
  rule: Judged;
  part: string | null;
}

export interface Facts {
  /** The metric's series at the step that the condition needs; null where it is not at hand. */
  seriesFor(condition: MetricCondition, asked: Asked): Series | null;
  /** Why nothing will tell the metric any more: it, or what passes for it, was removed. Asked of what is looked at now. */
  goneOf(condition: MetricCondition, asked: Asked): string | null;
  /** Values of a rule's split that are judged; null where they are not at hand. */
  partsOf(rule: Judged): readonly string[] | null;
  /** From when on the site has data, milliseconds; where it never had an event Infinity. */
  since: number;
  /** What a metric is called. */
  nameOf(metric: string): string;
  offsetAt(at: number): number;
  /** Days known to be unlike others. */
  isExceptional(at: number): boolean;
}

export interface OtherRules {
  /** Whether that rule fires then, and what it is called; null where there is none, or it is off. */
  firing(rule: string, at: number): { name: string; is: boolean } | null;
}

export interface Judgement {
  holds: boolean;
  /** By condition. */
  bad: boolean[];
  value: number | null;
  expected: number | null;
  reason: string;
}

const STAYS: Evaluation = { state: "unknown", value: null, expected: null, reason: "" };

/** What is known by longer steps is looked at once a step; its word holds until the next. */
const isLookedAt: Readonly<Record<Step, (at: number) => boolean>> = {
  minute: () => true,
  slot: (at) => at % SLOT_MS === SLOT_SETTLES_MS,
  hour: (at) => at % HOUR_MS === HOUR_SETTLES_MS,
};

/** Whether anything that the rule looks at may have changed since the minute before. */
export const isDue = (rule: Judged, at: number): boolean =>
  rule.conditions.some((condition) => isLookedAt[stepOf(condition, rule)](at));

interface Judging {
  facts: Facts;
  others: OtherRules;
  part: string | null;
  /** End of the minute, milliseconds. */
  at: number;
  /** What its conditions were found to be the last time. */
  before: readonly boolean[];
}

function ofRule(condition: Exclude<AlertCondition, MetricCondition>, { others, at }: Judging): Evaluation {
  const other = others.firing(condition.rule, at);
  if (!other) return { state: "well", value: null, expected: null, reason: "the rule that it looks at is off or gone" };
  const state = other.is === (condition.is === "firing") ? "bad" : "well";
  return { state, value: null, expected: null, reason: `“${other.name}” ${other.is ? "fires" : "is well"}` };
}

function evaluate(condition: AlertCondition, rule: Judged, judging: Judging & { wasBad: boolean }): Evaluation {
  if (!isOfMetric(condition)) return ofRule(condition, judging);
  const { facts, at, wasBad, part } = judging;
  const { offsetAt, isExceptional } = facts;
  if (!isLookedAt[stepOf(condition, rule)](at)) return STAYS;
  const gone = facts.goneOf(condition, { rule, part });
  if (gone !== null) return { ...STAYS, state: "well", reason: gone };
  const series = facts.seriesFor(condition, { rule, part });
  if (!series) return STAYS;
  // The registry's type says that each detector stands at its own kind.
  const detector = detectors[condition.kind] as Detector<MetricCondition>;
  const name = facts.nameOf(condition.metric);
  const since = isWatched(condition.metric) ? Number.NEGATIVE_INFINITY : facts.since;
  return detector.evaluate(condition, { series, name, at, wasBad, since, offsetAt, isExceptional });
}

export function judge(rule: Judged, judging: Judging): Judgement {
  const { before } = judging;
  const found = rule.conditions.map((condition, index) =>
    evaluate(condition, rule, { ...judging, wasBad: before[index] ?? false }),
  );
  const bad = found.map(({ state }, index) => (state === "unknown" ? (before[index] ?? false) : state === "bad"));
  const holds = rule.match === "all" ? bad.every(Boolean) : bad.some(Boolean);
  const told = found.filter(({ reason }, index) => reason !== "" && (!holds || bad[index]));
  const { value = null, expected = null } = told[0] ?? {};
  return { holds, bad, value, expected, reason: told.map(({ reason }) => reason).join(" · ") };
}
