// One cause, one page: an incident is told with another of its site, and not by itself, while that one is open, fired just
// before, is about the same and has told everybody whom this one would tell.
import { type AlertRule, type Incident, SEVERITIES } from "../domain/alert.ts";
import { isNarrowed, isOfMetric } from "../domain/condition-step.ts";
import { rulesIn } from "./rule-order.ts";
import { MINUTE_MS } from "./series.ts";
import { type Change, incidentsIn, isOpen, type RuleState, type Stepped, statesIn, stepEach } from "./step.ts";

export const GROUP_MS = 10 * MINUTE_MS;
/** One cause ends about at once: so long nobody is told of what goes on after the other is over. */
export const RELEASE_MS = 5 * MINUTE_MS;

type GroupedRule = Pick<AlertRule, "id" | "conditions" | "channels" | "policy" | "filters" | "split" | "dependsOn">;

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
  /** Channels that were told of it. */
  told: readonly string[];
}

const metricsOf = ({ conditions }: GroupedRule): string[] => conditions.filter(isOfMetric).map(({ metric }) => metric);

/** Values of a split are told each by itself, and what is true of a part says nothing of the whole or of another part. */
function isAboutTheSame(leader: GroupedRule, own: GroupedRule): boolean {
  if (leader.id === own.id) return false;
  if (rulesIn(own).includes(leader.id) || rulesIn(leader).includes(own.id)) return true;
  const filters = JSON.stringify(leader.filters);
  if (isNarrowed(leader) && (leader.split || filters !== JSON.stringify(own.filters))) return false;
  const metrics = new Set(metricsOf(leader));
  return metricsOf(own).some((metric) => metrics.has(metric));
}

const rankOf = ({ severity }: Incident): number => SEVERITIES.indexOf(severity);

function tellsFor(leader: Leader, { incident, rule }: Leader): boolean {
  const told = new Set(leader.told);
  return (
    leader.incident.id !== incident.id &&
    isAboutTheSame(leader.rule, rule) &&
    rankOf(leader.incident) >= rankOf(incident) &&
    rule.channels.every((id) => told.has(id)) &&
    (rule.policy === null || rule.policy === leader.rule.policy)
  );
}

const leadersOf = ({ rule, before }: Judged): Leader[] =>
  statesIn(before).flatMap(({ incident, escalation }) =>
    isOpen(incident) && incident.group === null
      ? [{ incident, rule, firedAt: escalation.firedAt, told: escalation.told }]
      : [],
  );

/** Puts what fired into groups, in the order in which it did. */
function joined(all: readonly Judged[]): { groups: Map<string, string | null>; changes: Map<Judged, Change[]> } {
  const leaders = new Map(all.flatMap(leadersOf).map((leader) => [leader.incident.id, leader]));
  const groups = new Map(all.flatMap(({ before }) => incidentsIn(before)).map(({ id, group }) => [id, group]));
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
      const own: Leader = { incident, rule: one.rule, firedAt: entry.at, told: one.rule.channels };
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
function released(
  state: RuleState,
  { leaders, channels, at }: { leaders: ReadonlyMap<string, Incident>; channels: readonly string[]; at: number },
): Stepped {
  const { incident, escalation } = state;
  const stays = { state, change: null };
  if (incident?.state !== "firing" || incident.group === null) return stays;
  const leader = leaders.get(incident.group);
  if (leader && (leader.state !== "resolved" || at - leader.changedAt < RELEASE_MS)) return stays;
  const now = { ...incident, group: null };
  const key = `ungrouped-${incident.turn}`;
  const entry = { key, at, kind: "ungrouped", by: "", text: incident.reason, value: null } as const;
  return {
    state: { ...state, incident: now, escalation: { ...escalation, firedAt: at, at, told: [...channels] } },
    change: { incident: now, entry, also: [] },
  };
}

/** All of a site's rules; `at`: the end of the last minute that was judged. */
export function grouped<One extends Judged>(all: readonly One[], at: number): One[] {
  const { groups, changes } = joined(all);
  const leaders = new Map(all.flatMap(({ state }) => incidentsIn(state)).map((incident) => [incident.id, incident]));
  return all.map((one) => {
    const done = stepEach(one.state, (state) => {
      const { incident, escalation } = state;
      const group = (incident && groups.get(incident.id)) ?? null;
      // Of what is told with another nobody was told.
      const own = group === null ? {} : { escalation: { ...escalation, told: [] } };
      const grouping = { ...state, incident: incident && { ...incident, group }, ...own };
      return released(grouping, { leaders, channels: one.rule.channels, at });
    });
    return { ...one, state: done.state, changes: [...(changes.get(one) ?? []), ...done.changes] };
  });
}
