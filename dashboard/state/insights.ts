// What changed in the view's period, whether it is more than noise, and why: asked of the API, beside the figures.
import { useEffect, useState } from "preact/hooks";
import type { Insights } from "../../workers/api/insight-schemas.ts";
import type { Board } from "../../workers/domain/board.ts";
import { refreshes } from "./answers.ts";
import { type Reply, request } from "./api.ts";
import { type Scope, scopeQuestion } from "./questions.ts";
import { sitePath } from "./sites.ts";

export type Insight = Insights["insights"][number];

/** The door of the view's insights, also within `own` filters; null where it is compared with nothing. */
export function insightsPath(scope: Scope, own: Board["filters"] = []): string | null {
  const { view } = scope;
  if (view.compare === "none" || view.period.name === "all") return null;
  const { site_id, date_range, filters: viewed = [] } = scopeQuestion(scope);
  const filters = [...own, ...viewed];
  const range: Record<string, string> =
    typeof date_range === "string" ? { date_range } : { from: date_range[0], to: date_range[1] };
  const compare = view.compare === "year" ? "year_over_year" : "previous_period";
  const search = new URLSearchParams({ ...range, compare });
  if (filters.length > 0) search.set("filters", JSON.stringify(filters));
  return `${sitePath(site_id)}/insights?${search}`;
}

/** Null until they are there. */
export function useInsights(path: string | null): Reply<Insights> | null {
  const [held, hold] = useState<{ path: string; reply: Reply<Insights> } | null>(null);
  const turn = refreshes.value;
  useEffect(() => {
    if (path === null) return undefined;
    let current = true;
    void request<Insights>(path).then((reply) => {
      if (current) hold({ path, reply });
    });
    return () => {
      current = false;
    };
  }, [path, turn]);
  return held && held.path === path ? held.reply : null;
}
