// A rule's way through the minutes: pending → firing → acknowledged → resolved, and open again. Pure; the same minute twice
// changes nothing.
import type { Incident, IncidentEntry, NewAlertRule } from "../domain/alert.ts";
import type { Judgement } from "./judge.ts";
import { MINUTE_MS } from "./series.ts";

/** What fires again so soon is the same incident. */
const REOPEN_MS = 30 * MINUTE_MS;

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
  /** What was last told of it while it is pending. */
  pending?: Pick<Judgement, "value" | "expected" | "reason">;
  /** Of a rule with a split, by value; the rest of its state then says nothing. */
  parts?: Record<string, RuleState>;
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

export const mayReopen = (incident: Incident | null, at: number): incident is Incident =>
  incident !== null && at - incident.changedAt <= REOPEN_MS;

export const isOpen = (incident: Incident | null): incident is Incident =>
  incident !== null && incident.state !== "resolved";

const changed = (incident: Incident, by: string, text = ""): Change => ({
  incident,
  entry: { key: `${incident.state}-${incident.turn}`, at: incident.changedAt, kind: incident.state, by, text },
});

/** Of the rule, or of each value of its split. */
export const incidentsIn = ({ incident, parts = {} }: RuleState): Incident[] => [
  ...(incident ? [incident] : []),
  ...Object.values(parts).flatMap(incidentsIn),
];

interface Step {
  rule: Pick<NewAlertRule, "name" | "severity" | "forMinutes" | "recoverMinutes"> & { id: string };
  /** The value of its split. */
  part: string | null;
  /** End of the minute. */
  at: number;
  judgement: Judgement;
  /** Whether it may begin to fire now: within its schedule, and not silenced. */
  mayFire: boolean;
}

/** FNV-1a over UTF-16: values may hold anything, and ids are part of addresses. */
function partId(part: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

function fired(before: RuleState, { rule, part, at, judgement }: Step): Incident {
  const { value, expected, reason } = judgement.reason === "" ? (before.pending ?? judgement) : judgement;
  const told = { state: "firing" as const, changedAt: at, value, expected, reason };
  const { incident } = before;
  if (mayReopen(incident, at)) return { ...incident, ...told, turn: incident.turn + 1 };
  const { id: ruleId, severity } = rule;
  const [id, name] =
    part === null
      ? [`${ruleId}.${at / MINUTE_MS}`, rule.name]
      : [`${ruleId}.${at / MINUTE_MS}.${partId(part)}`, `${rule.name}: ${part}`];
  return { id, ruleId, name, severity, ...told, turn: 1, openedAt: at };
}

export function step(before: RuleState, asked: Step): Stepped {
  const { rule, at, judgement, mayFire } = asked;
  if (at <= before.through) return { state: before, change: null };
  const { holds, bad, value, expected, reason } = judgement;
  const since = holds === before.holds ? before.since : at;
  const { incident, pending, ...kept } = before;
  const told = reason === "" ? pending : { value, expected, reason };
  const state: RuleState = { ...kept, incident, through: at, bad, holds, since, muted: before.muted && holds };
  const lasted = at - since;
  if (holds && !isOpen(incident) && !state.muted && mayFire && lasted >= rule.forMinutes * MINUTE_MS) {
    const now = fired(before, asked);
    return { state: { ...state, incident: now }, change: changed(now, "", now.reason) };
  }
  if (!holds && isOpen(incident) && lasted >= rule.recoverMinutes * MINUTE_MS) {
    const now: Incident = { ...incident, state: "resolved", changedAt: at, value, reason: reason || incident.reason };
    return { state: { ...state, incident: now }, change: changed(now, "", reason) };
  }
  return { state: holds && !isOpen(incident) && told ? { ...state, pending: told } : state, change: null };
}

/** `act` on the incident of that id, of the rule or of a value of its split. */
export function actOn(before: RuleState, id: string, acting: Parameters<typeof act>[1]): ReturnType<typeof act> {
  if (before.incident?.id === id) return act(before, acting);
  for (const [name, part] of Object.entries(before.parts ?? {})) {
    const acted = actOn(part, id, acting);
    if (acted) return { ...acted, state: { ...before, parts: { ...before.parts, [name]: acted.state } } };
  }
  return null;
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
