// One cause, one page: an incident is told with another of its site, and not by itself, while that one is open, fired just
// before, is about the same and has told everybody whom this one would tell.
import { type AlertRule, type Incident, SEVERITIES } from "../domain/alert.ts";
import { MINUTE_MS } from "./series.ts";
import { type Change, isOpen, type RuleState } from "./step.ts";

export const GROUP_MS = 10 * MINUTE_MS;
/** One cause ends about at once: so long nobody is told of what goes on after the other is over. */
export const RELEASE_MS = 5 * MINUTE_MS;

type GroupedRule = Pick<AlertRule, "id" | "conditions" | "channels" | "policy">;

export interface Judged {
  rule: GroupedRule;
  before: RuleState;
  state: RuleState;
  changes: Change[];
}

interface Leader {
  incident: Incident;
  rule: GroupedRule;
  firedAt: number;
}

function isAboutTheSame(a: GroupedRule, b: GroupedRule): boolean {
  if (a.id === b.id) return true;
  const metrics = new Set(a.conditions.map((condition) => "metric" in condition && condition.metric));
  return b.conditions.some((condition) => "metric" in condition && metrics.has(condition.metric));
}

const rankOf = ({ severity }: Incident): number => SEVERITIES.indexOf(severity);

function tellsFor(leader: Leader, { incident, rule }: Leader): boolean {
  const told = new Set(leader.rule.channels);
  return (
    leader.incident.id !== incident.id &&
    isAboutTheSame(leader.rule, rule) &&
    rankOf(leader.incident) >= rankOf(incident) &&
    rule.channels.every((id) => told.has(id)) &&
    (rule.policy === null || rule.policy === leader.rule.policy)
  );
}

const leaderOf = ({ rule, before: { incident, escalation } }: Judged): Leader[] =>
  isOpen(incident) && incident.group === null ? [{ incident, rule, firedAt: escalation.firedAt }] : [];

/** Puts what fired into groups, in the order in which it did. */
function joined(all: readonly Judged[]): { groups: Map<string, string | null>; changes: Map<Judged, Change[]> } {
  const leaders = new Map(all.flatMap(leaderOf).map((leader) => [leader.incident.id, leader]));
  const groups = new Map(all.flatMap(({ before: { incident } }) => (incident ? [[incident.id, incident.group]] : [])));
  const changes = new Map<Judged, Change[]>(all.map((one) => [one, []]));
  const inOrder = all
    .flatMap((one) => one.changes.map((change) => ({ one, change })))
    // Of one minute the most severe first: the others are told with it.
    .toSorted((a, b) => a.change.entry.at - b.change.entry.at || rankOf(b.change.incident) - rankOf(a.change.incident));
  for (const { one, change } of inOrder) {
    const { incident, entry } = change;
    leaders.delete(incident.id);
    let { text } = entry;
    if (entry.kind === "firing") {
      const own: Leader = { incident, rule: one.rule, firedAt: entry.at };
      const isNear = (other: Leader) => entry.at - other.firedAt <= GROUP_MS;
      const leader = [...leaders.values()].find((other) => isNear(other) && tellsFor(other, own));
      groups.set(incident.id, leader?.incident.id ?? null);
      if (leader) text += ` · told with “${leader.incident.name}”`;
      else leaders.set(incident.id, own);
    }
    const group = groups.get(incident.id) ?? null;
    changes.get(one)?.push({ ...change, incident: { ...incident, group }, entry: { ...entry, text } });
  }
  return { groups, changes };
}

/** Told by itself from now on, where the other is over and this one is not. */
function released(state: RuleState, all: readonly { state: RuleState }[], at: number): Change | null {
  const { incident } = state;
  if (incident?.state !== "firing" || incident.group === null) return null;
  const leader = all.find((one) => one.state.incident?.id === incident.group)?.state.incident;
  if (leader && (leader.state !== "resolved" || at - leader.changedAt < RELEASE_MS)) return null;
  const now = { ...incident, group: null };
  const key = `ungrouped-${incident.turn}`;
  return { incident: now, entry: { key, at, kind: "ungrouped", by: "", text: incident.reason, value: null }, also: [] };
}

/** All of a site's rules; `at`: the end of the last minute that was judged. */
export function grouped<One extends Judged>(all: readonly One[], at: number): One[] {
  const { groups, changes } = joined(all);
  const together = all.map((one) => {
    const { incident } = one.state;
    const state = { ...one.state, incident: incident && { ...incident, group: groups.get(incident.id) ?? null } };
    return { ...one, state, changes: changes.get(one) ?? [] };
  });
  return together.map((one) => {
    const change = released(one.state, together, at);
    if (!change) return one;
    const { escalation } = one.state;
    const state = { ...one.state, incident: change.incident, escalation: { ...escalation, firedAt: at, at } };
    return { ...one, state, changes: [...one.changes, change] };
  });
}
