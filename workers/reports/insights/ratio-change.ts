// A ratio of visits that changed by more than it does by itself, and whether by its mix or by its own ratios.
import { metrics } from "../../catalog/metrics/index.ts";
import { amountOf } from "../../domain/money.ts";
import { breakdownQuestions, pairsOf } from "../breakdowns.ts";
import { explainRatio } from "../explain-ratio.ts";
import type { InsightKind, Overview } from "../insight.ts";
import { historyOf } from "../overview.ts";
import { isNotable, type RatioTold, ratioInsight, varianceOf } from "../ratio-insight.ts";

type Ratio = "bounce_rate" | "views_per_visit" | "visit_duration";

const WEIGHTS = { bounce_rate: 0.5, views_per_visit: 0.5, visit_duration: 0.5 } as const satisfies Record<
  Ratio,
  number
>;

function toldOf(overview: Overview, metric: Ratio): RatioTold {
  const { label, unit, better } = metrics[metric];
  const [ratio, visits] = [overview.totals[metric], overview.totals.visits];
  const at = (side: "now" | "before") => ({ weight: amountOf(visits?.[side]) ?? 0, rate: amountOf(ratio?.[side]) });
  return {
    ...{ kind: metric, metric, label, unit, better, of: "visits", weight: WEIGHTS[metric], filters: [], charted: true },
    now: at("now"),
    before: at("before"),
  };
}

export function ratioChange(metric: Ratio): InsightKind {
  const notable = (overview: Overview): RatioTold | null => {
    const told = toldOf(overview, metric);
    return isNotable(told, historyOf(overview, metric), overview) ? told : null;
  };
  return {
    label: metrics[metric].label,
    about: `${metrics[metric].label} changed by more than it does by itself: because other visits came, or because visits were others.`,
    ask: (overview) => (notable(overview) ? breakdownQuestions(overview, ["visits", metric]) : []),
    find(overview, answers) {
      const told = notable(overview);
      if (!told) return [];
      const rated = ([weight = 0, rate = null]: readonly (number | null)[]) => ({ weight: weight ?? 0, rate });
      const all = pairsOf(answers).map(({ dimensions, pairs }) => ({
        dimensions,
        groups: pairs.map(({ values, now, before }) => ({ values, now: rated(now), before: rated(before) })),
      }));
      const variance = varianceOf(told, historyOf(overview, metric), overview);
      return [ratioInsight(told, explainRatio(all, { ...told, variance }), overview)];
    },
  };
}
