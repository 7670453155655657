// What was found by other conditions says nothing of those of now: a rule that is judged by others than before begins anew.
import type { NewAlertRule } from "../domain/alert.ts";
import { hashOf } from "../domain/digest.ts";
import { MINUTE_MS } from "./series.ts";
import { act, type Change, freshState, type RuleState, statesIn } from "./step.ts";

type Judging = Pick<NewAlertRule, "conditions" | "match" | "filters" | "split" | "forMinutes">;

const CHANGED = "its rule was changed, and begins anew";

/** All else, such as its name, its hours or whom it tells, may change while something is open. */
function keyOf({ conditions, match, filters, split, forMinutes }: Judging): string {
  return hashOf(JSON.stringify([conditions, match, filters, split, forMinutes])).toString(36);
}

/** What is open of it is over, whatever its metric does. */
export const ended = (state: RuleState, { at, text }: { at: number; text: string }): Change[] =>
  statesIn(state).flatMap((one) => act(one, { to: "resolved", at, by: "", text })?.change ?? []);

/** From the first of the minutes to be judged on. */
export function begunAnew(
  rule: Judging,
  state: RuleState,
  { after, through }: { after: number; through: number },
): { state: RuleState; changes: Change[] } {
  const judges = keyOf(rule);
  const from = Math.max(after, state.through);
  if (state.judges === judges || from >= through) return { state, changes: [] };
  if (state.judges === undefined) return { state: { ...state, judges }, changes: [] };
  return {
    state: { ...freshState(from), judges },
    changes: ended(state, { at: from + MINUTE_MS, text: CHANGED }),
  };
}
