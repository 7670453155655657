// A rule's way through the minutes: pending → firing → acknowledged → resolved, and open again. Pure; the same minute twice
// changes nothing.
import type { Incident, IncidentEntry, NewAlertRule } from "../domain/alert.ts";
import type { Judgement } from "./judge.ts";
import { MINUTE_MS } from "./series.ts";

/** What fires again so soon is the same incident. */
export const REOPEN_MS = 30 * MINUTE_MS;

export interface RuleState {
  /** End of the last minute that was judged. */
  through: number;
  /** What each condition was found to be. */
  bad: boolean[];
  /** Since when the rule holds, or is well: the end of the first such minute. */
  since: number;
  holds: boolean;
  /** The newest one, whatever its state. */
  incident: Incident | null;
  /** Resolved by hand: not before it was well once does it fire again. */
  muted: boolean;
}

/** An incident in a new state, which is to be told. */
export interface Change {
  incident: Incident;
  entry: IncidentEntry;
}

export interface Stepped {
  state: RuleState;
  change: Change | null;
}

/** Of a rule that is judged from then on. */
export const freshState = (at: number): RuleState => ({
  through: at,
  bad: [],
  since: at,
  holds: false,
  incident: null,
  muted: false,
});

export const isOpen = (incident: Incident | null): incident is Incident =>
  incident !== null && incident.state !== "resolved";

const changed = (incident: Incident, by: string, text = ""): Change => ({
  incident,
  entry: { key: `${incident.state}-${incident.turn}`, at: incident.changedAt, kind: incident.state, by, text },
});

interface Step {
  rule: Pick<NewAlertRule, "name" | "severity" | "forMinutes" | "recoverMinutes"> & { id: string };
  /** End of the minute. */
  at: number;
  judgement: Judgement;
  /** Whether it may begin to fire now: within its schedule, and not silenced. */
  mayFire: boolean;
}

function fired(before: Incident | null, { rule, at, judgement }: Step): Incident {
  const { value, expected, reason } = judgement;
  const told = { state: "firing" as const, changedAt: at, value, expected, reason };
  if (before && at - before.changedAt <= REOPEN_MS) return { ...before, ...told, turn: before.turn + 1 };
  const { id: ruleId, name, severity } = rule;
  return { id: `${ruleId}.${at / MINUTE_MS}`, ruleId, name, severity, ...told, turn: 1, openedAt: at };
}

export function step(before: RuleState, asked: Step): Stepped {
  const { rule, at, judgement, mayFire } = asked;
  if (at <= before.through) return { state: before, change: null };
  const { holds, bad, value, reason } = judgement;
  const since = holds === before.holds ? before.since : at;
  const state: RuleState = { ...before, through: at, bad, holds, since, muted: before.muted && holds };
  const lasted = at - since;
  const { incident } = before;
  if (holds && !isOpen(incident) && !state.muted && mayFire && lasted >= rule.forMinutes * MINUTE_MS) {
    const now = fired(incident, asked);
    return { state: { ...state, incident: now }, change: changed(now, "", reason) };
  }
  if (!holds && isOpen(incident) && lasted >= rule.recoverMinutes * MINUTE_MS) {
    const now: Incident = { ...incident, state: "resolved", changedAt: at, value, reason: reason || incident.reason };
    return { state: { ...state, incident: now }, change: changed(now, "", reason) };
  }
  return { state, change: null };
}

/** Somebody has seen it, or says that it is over. Null where the incident is not in a state for that. */
export function act(
  before: RuleState,
  { to, at, by }: { to: "acknowledged" | "resolved"; at: number; by: string },
): (Stepped & { change: Change }) | null {
  const { incident } = before;
  if (!isOpen(incident) || incident.state === to) return null;
  const now: Incident = { ...incident, state: to, changedAt: at };
  const muted = before.muted || (to === "resolved" && before.holds);
  return { state: { ...before, incident: now, muted }, change: changed(now, by) };
}
