// Who left a funnel at a step, as the filters of another page: those who did the step before and never that one. Pure.
import type { AnalysisQueryInput, Matcher } from "../../workers/domain/question.ts";
import { siteHref } from "./router.ts";
import { DEFAULT_VIEW, parseView, printView, type ViewFilter, type ViewOperator } from "./view.ts";

/** Null for steps that are more than one page, event or goal. */
function conditionOf(operator: ViewOperator, { page, event, goal, filter }: Matcher): ViewFilter | null {
  if (filter || page?.includes("*")) return null;
  const named = [
    ["event:page", page],
    ["event:name", event],
    ["event:goal", goal],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);
  const [only] = named;
  return only && named.length === 1 ? { operator, dimension: only[0], values: [only[1]] } : null;
}

/** The Overview of those who reached step `at - 1` and not step `at`; null where no filter says that. */
export function droppedHref(asked: AnalysisQueryInput, at: number, query: string): string | null {
  const steps = (asked.params?.steps ?? []) as Matcher[]; // a funnel's params, as the page or board wrote them
  const [before, missed] = [steps[at - 1], steps[at]];
  const filters = [before && conditionOf("done_ever", before), missed && conditionOf("done_never", missed)];
  if (filters.some((filter) => !filter)) return null;
  const { period, filters: inForce } = parseView(query);
  const view = {
    ...DEFAULT_VIEW,
    period,
    filters: [...inForce, ...filters.filter((filter) => filter !== null && filter !== undefined)],
  };
  return siteHref(asked.site_id, "overview", printView(view));
}
