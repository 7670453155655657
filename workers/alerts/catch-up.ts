// All minutes that a site's rules have not been judged by, one after the other.
import type { AlertRule, Quiet } from "../domain/alert.ts";
import { begunAnew } from "./begin-anew.ts";
import { type Facts, isDue, judge, type OtherRules } from "./judge.ts";
import { mayFireAt } from "./quiet.ts";
import { inOrder } from "./rule-order.ts";
import { MINUTE_MS } from "./series.ts";
import { type Change, freshState, incidentsIn, isOpen, mayReopen, type RuleState, step } from "./step.ts";

/** In one run; the next goes on. */
export const MINUTES_A_RUN = 240;
/** A minute is judged when it is over for so long, so that what was on its way is counted. */
export const SETTLES_MS = 30_000;

type Rule = Omit<AlertRule, "version" | "createdAt" | "enabled">;

export interface Running {
  rule: Rule;
  state: RuleState;
}

/** End of the last minute that can be judged. */
export const judgeableThrough = (now: number): number => Math.floor((now - SETTLES_MS) / MINUTE_MS) * MINUTE_MS;

interface CatchUp {
  facts: Facts;
  maintenance: readonly Quiet[];
  /** Ends of the minutes to be judged: after `after`, up to `through`. */
  after: number;
  through: number;
}

export interface CaughtUp {
  state: RuleState;
  changes: Change[];
}

type CatchingUp = CatchUp & { others: OtherRules };

function catchUpPart({ rule, state: before }: Running, part: string | null, asked: CatchingUp): CaughtUp {
  const { facts, others, maintenance, after, through } = asked;
  const changes: Change[] = [];
  let state = before;
  for (let at = Math.max(after, before.through) + MINUTE_MS; at <= through; at += MINUTE_MS) {
    // Between its hours a rule that is well, or fires, stays so: nothing of its state but the minute changes.
    if (state.holds === isOpen(state.incident) && !isDue(rule, at)) {
      state = { ...state, through: at };
      continue;
    }
    const judgement = judge(rule, { facts, others, part, at, before: state.bad });
    const mayFire =
      mayFireAt(rule, at, { offsetAt: facts.offsetAt, maintenance }) &&
      !rule.dependsOn.some((other) => others.firing(other, at)?.is);
    const stepped = step(state, { rule, part, at, judgement, mayFire });
    state = stepped.state;
    if (stepped.change) changes.push(stepped.change);
  }
  return { state, changes };
}

/** Whether anything of it is still to be told, or may open the same incident again. */
const isAlive = ({ holds, incident }: RuleState, through: number): boolean =>
  holds || isOpen(incident) || mayReopen(incident, through);

/** Each value of the split by itself: those that are listed now, and those that something is still open of. */
function catchUpParts({ rule, state }: Running, asked: CatchingUp): CaughtUp {
  const { facts, through } = asked;
  // A map: values are whatever visitors send, such as "constructor".
  const known = new Map(Object.entries(state.parts ?? {}));
  const listed = facts.partsOf(rule);
  const names = new Set([...known.keys(), ...(listed ?? [])]);
  const done = [...names].map((name) => {
    const before = known.get(name) ?? freshState(Math.max(asked.after, state.through));
    return { name, ...catchUpPart({ rule, state: before }, name, asked) };
  });
  const kept = done.filter(({ name, state: own }) => (listed ?? [name]).includes(name) || isAlive(own, through));
  return {
    state: {
      ...state,
      through: Math.max(state.through, through),
      parts: Object.fromEntries(kept.map(({ name, state: own }) => [name, own])),
    },
    changes: done.flatMap(({ changes }) => changes).sort((a, b) => a.entry.at - b.entry.at),
  };
}

/** When something of a rule was open. */
function firingOf(before: RuleState, changes: readonly Change[]): (at: number) => boolean {
  return (at) => {
    const open = new Set(incidentsIn(before).flatMap((incident) => (isOpen(incident) ? [incident.id] : [])));
    for (const { incident, entry } of changes) {
      if (entry.at > at) break;
      if (incident.state === "resolved") open.delete(incident.id);
      else open.add(incident.id);
    }
    return open.size > 0;
  };
}

/** Of all rules of a site, by their ids; those that look at others after them. */
export function catchUp(all: readonly Running[], asked: CatchUp): Map<string, CaughtUp> {
  const states = new Map(all.map(({ rule, state }) => [rule.id, state]));
  const done = new Map<string, CaughtUp>();
  const firing = new Map<string, { name: string; at: (at: number) => boolean }>();
  const others: OtherRules = {
    firing(rule, at) {
      const found = firing.get(rule);
      return found ? { name: found.name, is: found.at(at) } : null;
    },
  };
  for (const rule of inOrder(all.map((one) => one.rule))) {
    const state = states.get(rule.id)!; // one for each
    const asking = { ...asked, others };
    const begun = begunAnew(rule, state, asked);
    const from = { rule, state: begun.state };
    const own = rule.split ? catchUpParts(from, asking) : catchUpPart(from, null, asking);
    const changes = [...begun.changes, ...own.changes];
    done.set(rule.id, { state: own.state, changes });
    firing.set(rule.id, { name: rule.name, at: firingOf(state, changes) });
  }
  return done;
}
