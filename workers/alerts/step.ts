// A rule's way through the minutes: pending → firing → acknowledged → resolved, and open again. Pure; the same minute twice
// changes nothing.
import type { Incident, IncidentEntry, IncidentState, NewAlertRule } from "../domain/alert.ts";
import type { Judgement } from "./judge.ts";
import { MINUTE_MS } from "./series.ts";

/** What fires again so soon is the same incident. */
export const REOPEN_MS = 30 * MINUTE_MS;

/** Of every incident when it opens. */
export const NEW_FIELDS = { assignee: null, group: null } as const satisfies Partial<Incident>;

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
  /** Opened again by hand: not before it held once is it over by itself. */
  pinned: boolean;
  /** The furthest that the metric went since it fired. */
  peak: number | null;
  escalation: Escalation;
}

/** How far an incident's escalation policy is told, since it last fired. */
export interface Escalation {
  firedAt: number;
  /** When the last step was told; before the first, when it fired. */
  at: number;
  steps: number;
  /** Channels that steps have told. */
  told: string[];
}

const escalationFrom = (at: number): Escalation => ({ firedAt: at, at, steps: 0, told: [] });

/** An incident in a new state, which is to be told. */
export interface Change {
  incident: Incident;
  entry: IncidentEntry;
  /** Channels that are told beside the rule's own; of a step of escalation these alone. */
  also: readonly string[];
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
  pinned: false,
  peak: null,
  escalation: escalationFrom(at),
});

/** What was kept before there was all of it. */
export function fullState(kept: Partial<RuleState> | null, at: number): RuleState {
  const fresh = freshState(at);
  const incident = kept?.incident ?? null;
  const escalation = incident ? escalationFrom(incident.changedAt) : fresh.escalation;
  return { ...fresh, escalation, ...kept, incident: incident && { ...NEW_FIELDS, ...incident } };
}

export const isOpen = (incident: Incident | null): incident is Incident =>
  incident !== null && incident.state !== "resolved";

interface Said {
  by?: string;
  text?: string;
  value?: number | null;
}

const changed = (incident: Incident, { told }: Escalation, { by = "", text = "", value = null }: Said): Change => ({
  incident,
  entry: { key: `${incident.state}-${incident.turn}`, at: incident.changedAt, kind: incident.state, by, text, value },
  also: told,
});

interface Step {
  rule: Pick<NewAlertRule, "name" | "severity" | "forMinutes" | "recoverMinutes" | "conditions"> & { id: string };
  /** End of the minute. */
  at: number;
  judgement: Judgement;
  /** Whether it may begin to fire now: within its schedule, and not silenced. */
  mayFire: boolean;
}

function fired(before: Incident | null, { rule, at, judgement }: Step): Incident {
  const { value, expected, reason } = judgement;
  const told = { ...NEW_FIELDS, state: "firing" as const, changedAt: at, value, expected, reason };
  if (before && at - before.changedAt <= REOPEN_MS) {
    return { ...before, ...told, assignee: before.assignee, turn: before.turn + 1 };
  }
  const { id: ruleId, name, severity } = rule;
  return { id: `${ruleId}.${at / MINUTE_MS}`, ruleId, name, severity, ...told, turn: 1, openedAt: at };
}

/** The worse of the two. */
function further(peak: number | null, { rule: { conditions }, judgement }: Step): number | null {
  const { value, holds } = judgement;
  if (peak === null || value === null || !holds) return peak;
  const [first] = conditions;
  return first?.kind === "threshold" && first.is === "below" ? Math.min(peak, value) : Math.max(peak, value);
}

export function step(before: RuleState, asked: Step): Stepped {
  const { rule, at, judgement, mayFire } = asked;
  if (at <= before.through) return { state: before, change: null };
  const { holds, bad, value, reason } = judgement;
  const since = holds === before.holds ? before.since : at;
  const state: RuleState = {
    ...before,
    through: at,
    bad,
    holds,
    since,
    muted: before.muted && holds,
    pinned: before.pinned && !holds,
    peak: isOpen(before.incident) ? further(before.peak, asked) : null,
  };
  const lasted = at - since;
  const { incident } = before;
  if (holds && !isOpen(incident) && !state.muted && mayFire && lasted >= rule.forMinutes * MINUTE_MS) {
    const now = fired(incident, asked);
    const escalation = escalationFrom(at);
    const change = changed(now, escalation, { text: reason, value });
    return { state: { ...state, incident: now, escalation, peak: value }, change };
  }
  if (!holds && isOpen(incident) && !state.pinned && lasted >= rule.recoverMinutes * MINUTE_MS) {
    const now: Incident = { ...incident, state: "resolved", changedAt: at, value, reason: reason || incident.reason };
    return {
      state: { ...state, incident: now },
      change: changed(now, state.escalation, { text: reason, value: state.peak }),
    };
  }
  return { state, change: null };
}

/** Somebody has seen it, says that it is over, or that it is not. Null where the incident is not in a state for that. */
export function act(
  before: RuleState,
  { to, at, by }: { to: IncidentState; at: number; by: string },
): (Stepped & { change: Change }) | null {
  const { incident, holds, peak } = before;
  if (!incident || incident.state === to || isOpen(incident) === (to === "firing")) return null;
  if (to === "firing") {
    const now: Incident = { ...incident, state: to, changedAt: at, turn: incident.turn + 1, group: null };
    const escalation = escalationFrom(at);
    const state = { ...before, incident: now, muted: false, pinned: !holds, peak: now.value, escalation };
    return { state, change: changed(now, escalation, { by, value: now.value }) };
  }
  const now: Incident = { ...incident, state: to, changedAt: at };
  const state =
    to === "resolved"
      ? { ...before, muted: before.muted || holds, pinned: false, incident: now }
      : { ...before, incident: now };
  return { state, change: changed(now, before.escalation, { by, value: to === "resolved" ? peak : null }) };
}

/** Somebody rates it otherwise, or gives it to somebody. Null where that is so already, or it has no incident. */
export function amend(
  before: RuleState,
  { entry, ...fields }: { entry: IncidentEntry } & Partial<Pick<Incident, "severity" | "assignee">>,
): (Stepped & { change: Change }) | null {
  if (!before.incident) return null;
  const incident = { ...before.incident, ...fields };
  if (JSON.stringify(incident) === JSON.stringify(before.incident)) return null;
  return { state: { ...before, incident }, change: { incident, entry, also: [] } };
}
