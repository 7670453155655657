// A rule's way through the minutes: pending → firing → acknowledged → resolved, and open again. Pure; the same minute twice
// changes nothing.
import type { Incident, IncidentEntry, IncidentState, NewAlertRule } from "../domain/alert.ts";
import { hashOf } from "../domain/digest.ts";
import type { Judgement } from "./judge.ts";
import { MINUTE_MS } from "./series.ts";

/** What fires again so soon is the same incident. */
const REOPEN_MS = 30 * MINUTE_MS;

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
  /** Key of what is judged (`begin-anew.ts`), since the first minute that was. */
  judges?: string;
  /** What was last told of it while it waits: to fire, or to be over. */
  pending?: Pick<Judgement, "value" | "expected" | "reason">;
  /** Of a rule with a split, by value; the rest of its state then says nothing. */
  parts?: Record<string, RuleState>;
}

/** How far an incident's escalation policy is told, since it last fired. */
export interface Escalation {
  firedAt: number;
  /** When the last step was told; before the first, when it fired. */
  at: number;
  steps: number;
  /** Channels that were told: when it fired, and by steps. They hear of what comes of it, whoever its rule tells by then. */
  told: string[];
}

const escalationFrom = (at: number, told: readonly string[] = []): Escalation => ({
  firedAt: at,
  at,
  steps: 0,
  told: [...told],
});

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
  // In their places, so that what stands as before reads as before.
  const { assignee, group } = { ...NEW_FIELDS, ...incident };
  return { ...fresh, escalation, ...kept, incident: incident && { ...incident, assignee, group } };
}

export const mayReopen = (incident: Incident | null, at: number): incident is Incident =>
  incident !== null && at - incident.changedAt <= REOPEN_MS;

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

/** The rule's own state, and that of each value of its split. */
export const statesIn = (state: RuleState): RuleState[] => [
  state,
  ...Object.values(state.parts ?? {}).flatMap(statesIn),
];

export const incidentsIn = (state: RuleState): Incident[] => statesIn(state).flatMap(({ incident }) => incident ?? []);

/** Does the same to each of `statesIn`. */
export function stepEach(
  before: RuleState,
  deed: (one: RuleState) => Stepped,
): { state: RuleState; changes: Change[] } {
  const { state, change } = deed(before);
  const changes = change ? [change] : [];
  if (!state.parts) return { state, changes };
  const parts = Object.entries(state.parts).map(([name, part]) => {
    const stepped = stepEach(part, deed);
    changes.push(...stepped.changes);
    return [name, stepped.state] as const;
  });
  return { state: { ...state, parts: Object.fromEntries(parts) }, changes };
}

/** Does it to the incident of that id alone. Null where the rule has no such incident any more, or it does not go. */
export function stepIncident(
  before: RuleState,
  id: string,
  deed: (one: RuleState) => Stepped | null,
): { state: RuleState; change: Change } | null {
  const { state, changes } = stepEach(before, (one) => {
    const done = one.incident?.id === id ? deed(one) : null;
    return done ?? { state: one, change: null };
  });
  const [change] = changes;
  return change ? { state, change } : null;
}

interface Step {
  rule: Pick<NewAlertRule, "name" | "severity" | "forMinutes" | "recoverMinutes" | "conditions" | "channels"> & {
    id: string;
  };
  /** The value of its split. */
  part: string | null;
  /** End of the minute. */
  at: number;
  judgement: Judgement;
  /** Whether it may begin to fire now: within its schedule, and not silenced. */
  mayFire: boolean;
}

/** Values may hold anything, and ids are part of addresses. */
const partId = (part: string): string => hashOf(part).toString(36);

function fired(before: RuleState, { rule, part, at, judgement }: Step): Incident {
  const { value, expected, reason } = judgement.reason === "" ? (before.pending ?? judgement) : judgement;
  const told = { ...NEW_FIELDS, state: "firing" as const, changedAt: at, value, expected, reason };
  const { incident } = before;
  if (mayReopen(incident, at)) {
    return { ...incident, ...told, assignee: incident.assignee, turn: incident.turn + 1 };
  }
  const { id: ruleId, severity } = rule;
  const [id, name] =
    part === null
      ? [`${ruleId}.${at / MINUTE_MS}`, rule.name]
      : [`${ruleId}.${at / MINUTE_MS}.${partId(part)}`, `${rule.name}: ${part}`];
  return { id, ruleId, name, severity, ...told, turn: 1, openedAt: at };
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
  const { holds, bad, value, expected, reason } = judgement;
  const since = holds === before.holds ? before.since : at;
  const { pending, ...kept } = before;
  const { incident } = kept;
  const told = reason === "" ? pending : { value, expected, reason };
  const state: RuleState = {
    ...kept,
    through: at,
    bad,
    holds,
    since,
    muted: before.muted && holds,
    pinned: before.pinned && !holds,
    peak: isOpen(incident) ? further(before.peak, asked) : null,
  };
  const lasted = at - since;
  if (holds && !isOpen(incident) && !state.muted && mayFire && lasted >= rule.forMinutes * MINUTE_MS) {
    const now = fired(before, asked);
    const escalation = escalationFrom(at, rule.channels);
    const change = changed(now, escalation, { text: now.reason, value: now.value });
    return { state: { ...state, incident: now, escalation, peak: now.value }, change };
  }
  if (!holds && isOpen(incident) && !state.pinned && lasted >= rule.recoverMinutes * MINUTE_MS) {
    const last = told ?? { value, reason };
    const now: Incident = {
      ...incident,
      ...{ state: "resolved", changedAt: at, value: last.value, reason: last.reason || incident.reason },
    };
    return {
      state: { ...state, incident: now },
      change: changed(now, state.escalation, { text: last.reason, value: state.peak }),
    };
  }
  return { state: holds !== isOpen(incident) && told ? { ...state, pending: told } : state, change: null };
}

interface Act {
  to: IncidentState;
  at: number;
  /** Empty where nobody did it. */
  by: string;
  /** Why it is over. */
  text?: string;
  /** The rule's, which are told when it fires again. */
  channels?: readonly string[];
}

/** Somebody has seen it, says that it is over, or that it is not. Null where the incident is not in a state for that. */
export function act(
  before: RuleState,
  { to, at, by, text = "", channels = [] }: Act,
): (Stepped & { change: Change }) | null {
  const { incident, holds, peak } = before;
  if (!incident || incident.state === to || isOpen(incident) === (to === "firing")) return null;
  if (to === "firing") {
    const now: Incident = { ...incident, state: to, changedAt: at, turn: incident.turn + 1, group: null };
    const escalation = escalationFrom(at, channels);
    const state = { ...before, incident: now, muted: false, pinned: !holds, peak: now.value, escalation };
    return { state, change: changed(now, escalation, { by, value: now.value }) };
  }
  const now: Incident = { ...incident, state: to, changedAt: at, reason: text || incident.reason };
  const state =
    to === "resolved"
      ? { ...before, muted: before.muted || holds, pinned: false, incident: now }
      : { ...before, incident: now };
  return { state, change: changed(now, before.escalation, { by, text, value: to === "resolved" ? peak : null }) };
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
