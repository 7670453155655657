// The filters of a question: checked against the catalogue, and goals put in terms of the events that reach them.

import { dimensionOf, dimensions } from "../catalog/dimensions/index.ts";
import type { FieldError } from "../domain/errors.ts";
import { PAGEVIEW } from "../domain/event.ts";
import type { Filter } from "../domain/query.ts";
import type { Goal } from "../domain/site.ts";
import type { GoalFilter } from "../engine/group-by.ts";
import { patternProblem } from "../engine/value-test.ts";

type Condition = Extract<Filter, [unknown, string, ...unknown[]]>;

export const GOAL = "event:goal";

/** Goals are named; `contains` looks into their names. */
const GOAL_OPERATORS = new Set(["is", "is_not", "contains", "contains_not"]);

type Behaviour = Extract<Filter, ["has_done" | "has_not_done", ...unknown[]]>;

export function isCondition(filter: Filter): filter is Condition {
  return typeof filter[1] === "string";
}

export function isBehaviour(filter: Filter): filter is Behaviour {
  return filter[0] === "has_done" || filter[0] === "has_not_done";
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** `*` for anything, as a pattern of RE2 syntax. */
export function wildcardPattern(text: string): string {
  return `^${text.split("*").map(escaped).join(".*")}$`;
}

/** Pages that fit the pattern, `*` standing for anything. */
export function pageFilter(pattern: string): Filter {
  if (!pattern.includes("*")) return ["is", "event:page", [pattern]];
  return ["matches", "event:page", [wildcardPattern(pattern)]];
}

/** The events that reach a goal: those of its name, or views of pages that fit its pattern. */
export function goalFilter({ name, kind, match }: Goal): GoalFilter {
  if (kind === "event") return { name, filter: ["is", "event:name", [match]] };
  return { name, filter: ["and", [["is", "event:name", [PAGEVIEW]], pageFilter(match)]] };
}

const NOTHING: Filter = ["not", ["contains", "event:name", [""]]];

function goalCondition([operator, , clauses, modifiers]: Condition, goals: readonly Goal[]): Filter {
  const fold = (text: string) => (modifiers?.case_sensitive === false ? text.toLowerCase() : text);
  const wanted = clauses.map(fold);
  const partly = operator.startsWith("contains");
  const meant = goals.filter(({ name }) =>
    partly ? wanted.some((clause) => fold(name).includes(clause)) : wanted.includes(fold(name)),
  );
  const filters = meant.map((goal) => goalFilter(goal).filter);
  const any: Filter = filters.length > 0 ? ["or", filters] : NOTHING;
  return operator.endsWith("_not") ? ["not", any] : any;
}

/** The filter without `event:goal`, which the engine does not know. */
export function resolveGoals(filter: Filter, goals: readonly Goal[]): Filter {
  if (isCondition(filter)) return filter[1] === GOAL ? goalCondition(filter, goals) : filter;
  if (isBehaviour(filter)) return filter.with(1, resolveGoals(filter[1], goals)) as Behaviour; // one filter for another
  if (filter[0] === "not") return ["not", resolveGoals(filter[1], goals)];
  return [filter[0], filter[1].map((part) => resolveGoals(part, goals))];
}

/** What is left when conditions about goals are taken out; null when nothing is. Who has done what stays: it is no conversion. */
export function withoutGoals(filter: Filter): Filter | null {
  if (isCondition(filter)) return filter[1] === GOAL ? null : filter;
  if (isBehaviour(filter)) return filter;
  if (filter[0] === "not") {
    const inner = withoutGoals(filter[1]);
    return inner && ["not", inner];
  }
  const parts = filter[1].map(withoutGoals).filter((part) => part !== null);
  return parts.length > 0 ? [filter[0], parts] : null;
}

/** The conditions on what is counted; those inside `has_done` are on other events. */
export function conditionsOf(filter: Filter): Condition[] {
  if (isCondition(filter)) return [filter];
  if (isBehaviour(filter)) return [];
  return filter[0] === "not" ? conditionsOf(filter[1]) : filter[1].flatMap(conditionsOf);
}

function goalErrors([operator, , clauses]: Condition, path: string, goals: readonly Goal[]): FieldError[] {
  if (!GOAL_OPERATORS.has(operator)) {
    return [{ path: `${path}.0`, message: `use is, is_not, contains or contains_not with ${GOAL}` }];
  }
  if (operator.startsWith("contains")) return [];
  const names = goals.map(({ name }) => name);
  return clauses
    .filter((clause) => !names.some((name) => name.toLowerCase() === clause.toLowerCase()))
    .map((clause) => ({
      path: `${path}.2`,
      message: names.length > 0 ? `no goal ${clause}; there are ${names.join(", ")}` : "the site has no goals yet",
    }));
}

function conditionErrors(condition: Condition, path: string, goals: readonly Goal[]): FieldError[] {
  const [operator, name, clauses] = condition;
  const dimension = dimensionOf(name);
  if (!dimension) {
    const known = Object.keys(dimensions).filter((key) => !key.startsWith("time"));
    return [{ path: `${path}.1`, message: `no dimension ${name}; use ${known.join(", ")} or event:props:<name>` }];
  }
  if (dimension.scope === "time") return [{ path: `${path}.1`, message: "time is set by date_range, not by a filter" }];
  if (name === GOAL) return goalErrors(condition, path, goals);
  if (operator !== "matches" && operator !== "matches_not") return [];
  return clauses.flatMap((clause, index) => {
    const problem = patternProblem(clause);
    return problem ? [{ path: `${path}.2.${index}`, message: `not a pattern of RE2 syntax: ${problem}` }] : [];
  });
}

/** What is wrong with a filter; `path` says where it stands in the query. */
export function filterErrors(filter: Filter, path: string, goals: readonly Goal[]): FieldError[] {
  if (isCondition(filter)) return conditionErrors(filter, path, goals);
  if (filter[0] === "not" || isBehaviour(filter)) return filterErrors(filter[1], `${path}.1`, goals);
  return filter[1].flatMap((part, index) => filterErrors(part, `${path}.1.${index}`, goals));
}
