// What the past says of a site's rules: how soon somebody was at it, how soon it was over, and which rule wakes for nothing.
import type { IncidentEntry, NewAlertRule } from "../domain/alert.ts";
import { MINUTE_MS } from "./series.ts";

export interface PastEntry extends Pick<IncidentEntry, "at" | "kind" | "by" | "value"> {
  incidentId: string;
  ruleId: string;
}

/** An incident from when it fired until it was resolved. */
export interface Turn {
  ruleId: string;
  firedAt: number;
  acknowledgedAt: number | null;
  resolvedAt: number | null;
  /** Whether somebody did or said anything. */
  isActed: boolean;
  /** The furthest that the metric went. */
  peak: number | null;
}

export interface RuleHistory {
  fired: number;
  /** How often nobody did or said anything. */
  ignored: number;
  /** How many of those that are over somebody had acknowledged; how many are over. */
  acknowledged: number;
  resolved: number;
  /** Means over these, from when it fired to the first acknowledgement, and to the end; milliseconds, null where there are none. */
  mtta: number | null;
  mttr: number | null;
}

/** `entries`: of each incident in order of time. */
export function turnsOf(entries: readonly PastEntry[]): Turn[] {
  const turns: Turn[] = [];
  const newest = new Map<string, Turn>();
  for (const { incidentId, ruleId, at, kind, by, value } of entries) {
    if (kind === "firing") {
      const isActed = by !== "";
      const turn = { ruleId, firedAt: at, acknowledgedAt: null, resolvedAt: null, isActed, peak: value };
      newest.set(incidentId, turn);
      turns.push(turn);
      continue;
    }
    const turn = newest.get(incidentId);
    if (!turn) continue;
    if (by !== "") turn.isActed = true;
    if (kind === "acknowledged") turn.acknowledgedAt ??= at;
    if (kind !== "resolved") continue;
    turn.resolvedAt = at;
    turn.peak = value ?? turn.peak;
  }
  return turns;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

export function historyOf(turns: readonly Turn[]): RuleHistory {
  const over = turns.filter(({ resolvedAt }) => resolvedAt !== null);
  const until = (end: (turn: Turn) => number | null) =>
    over.flatMap((turn) => {
      const at = end(turn);
      return at === null ? [] : [at - turn.firedAt];
    });
  const seen = until(({ acknowledgedAt }) => acknowledgedAt);
  return {
    fired: turns.length,
    ignored: turns.filter(({ isActed }) => !isActed).length,
    acknowledged: seen.length,
    resolved: over.length,
    mtta: mean(seen),
    mttr: mean(until(({ resolvedAt }) => resolvedAt)),
  };
}

/** With fewer nothing is said: chance alone makes them. */
const LEAST_FIRED = 5;
/** So much of what was ignored a change should keep silent. */
const QUIETER = 0.75;
const LONGEST_WAIT = 240;

/** The value below which a share of them lies. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** Two digits are enough for a bound; away from zero, so that the value itself no longer passes. */
function roundOut(value: number, isBelow: boolean): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  // Of 0.1 × 3 and the like the last digits are not meant.
  return Number(((isBelow ? Math.floor(value / unit) : Math.ceil(value / unit)) * unit).toPrecision(12));
}

type Advised = Pick<NewAlertRule, "conditions" | "forMinutes" | "recoverMinutes">;
const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
const wouldHave = (count: number): string =>
  count === 0 ? "it would not have fired" : `it would have fired ${times(count)}`;

/** A bound that most of what was ignored, and nothing that was acted on, stayed within. */
function boundAdvice({ conditions }: Advised, turns: readonly Turn[]): string[] {
  const [condition, another] = conditions;
  if (condition?.kind !== "threshold" || another) return [];
  const isBelow = condition.is === "below";
  const peaks = turns.flatMap(({ isActed, peak }) => (isActed || peak === null ? [] : [isBelow ? -peak : peak]));
  const reached = quantile(peaks, QUIETER);
  if (reached === undefined) return [];
  const bound = roundOut(isBelow ? -reached : reached, isBelow);
  const isPast = (peak: number | null) => peak !== null && (isBelow ? peak < bound : peak > bound);
  const isFurther = isBelow ? bound < condition.value : bound > condition.value;
  if (!isFurther || turns.some(({ isActed, peak }) => isActed && !isPast(peak))) return [];
  const still = turns.filter(({ peak }) => isPast(peak)).length;
  return [`${isBelow ? "lower" : "raise"} the threshold to ${bound} (${wouldHave(still)})`];
}

/** A wait that most of what was ignored, and nothing that was acted on, was over within. */
function waitAdvice({ forMinutes, recoverMinutes }: Advised, turns: readonly Turn[]): string[] {
  // Bad since `forMinutes` before it fired, and well since `recoverMinutes` before it was resolved.
  const lasted = ({ firedAt, resolvedAt }: Turn) =>
    resolvedAt === null ? Infinity : (resolvedAt - firedAt) / MINUTE_MS + forMinutes - recoverMinutes;
  const reached = quantile(turns.filter(({ isActed }) => !isActed).map(lasted), QUIETER);
  if (reached === undefined) return [];
  const wait = Math.max(1, reached > 5 ? Math.ceil(reached / 5) * 5 : Math.ceil(reached));
  const isLonger = wait > forMinutes && wait <= LONGEST_WAIT;
  if (!isLonger || turns.some((turn) => turn.isActed && lasted(turn) <= wait)) return [];
  const still = turns.filter((turn) => lasted(turn) > wait).length;
  return [`wait ${wait} minutes (${wouldHave(still)})`];
}

/** What would wake less, in words; null where the rule does well, or too little is known. */
export function adviceFor(rule: Advised, turns: readonly Turn[]): string | null {
  const { fired, ignored } = historyOf(turns);
  if (fired < LEAST_FIRED || ignored < fired * QUIETER) return null;
  const said = ignored === fired ? "never acted on" : `${fired - ignored} of them acted on`;
  const ways = [...boundAdvice(rule, turns), ...waitAdvice(rule, turns)];
  const remedy =
    ways.length > 0 ? ways.join(" or ") : "make it less severe, tell it elsewhere, or remove it if nobody needs it";
  return `Fired ${fired} times, ${said}: ${remedy}.`;
}
