import type { Goal } from "./site.ts";

/** Whether an event name (event goals) or a path (page goals, `*` for anything) fulfils the goal. */
export function matchesGoal(goal: Pick<Goal, "kind" | "match">, value: string): boolean {
  return goal.kind === "event" ? value === goal.match : matchesWildcard(goal.match, value);
}

/** `*` stands for any run of characters, none included. Linear in the value for each star; no regular expression. */
export function matchesWildcard(pattern: string, value: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return value === pattern;
  const first = parts[0] ?? "";
  const last = parts[parts.length - 1] ?? "";
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= value.length - last.length;
}
