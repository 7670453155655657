// All minutes that a site's rules have not been judged by, one after the other.
import type { AlertRule, Quiet } from "../domain/alert.ts";
import { type Facts, judge } from "./judge.ts";
import { mayFireAt } from "./quiet.ts";
import { MINUTE_MS } from "./series.ts";
import { type Change, type RuleState, step } from "./step.ts";

/** In one run; the next goes on. */
export const MINUTES_A_RUN = 240;
/** A minute is judged when it is over for so long, so that what was on its way is counted. */
export const SETTLES_MS = 30_000;

export interface Running<Rule = AlertRule> {
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

export function catchUp(
  { rule, state: before }: Running<Parameters<typeof judge>[0] & Parameters<typeof step>[1]["rule"]>,
  { facts, maintenance, after, through }: CatchUp,
): CaughtUp {
  const changes: Change[] = [];
  let state = before;
  for (let at = Math.max(after, before.through) + MINUTE_MS; at <= through; at += MINUTE_MS) {
    const judgement = judge(rule, facts, { at, before: state.bad });
    const mayFire = mayFireAt(rule, at, { offsetAt: facts.offsetAt, maintenance });
    const stepped = step(state, { rule, at, judgement, mayFire });
    state = stepped.state;
    if (stepped.change) changes.push(stepped.change);
  }
  return { state, changes };
}
