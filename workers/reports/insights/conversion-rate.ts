// Goals that are reached by more, or by fewer, of the visitors than before.
import { metrics } from "../../catalog/metrics/index.ts";
import { amountOf } from "../../domain/money.ts";
import type { Filter, QueryResult } from "../../domain/query.ts";
import { BREAKDOWNS, breakdownQuestions, pairsOf } from "../breakdowns.ts";
import { explainRatio } from "../explain-ratio.ts";
import type { Insight, InsightKind, Overview } from "../insight.ts";
import { dailyQuestion, dailyValues } from "../overview.ts";
import {
  chanceIn,
  changeIn,
  isMaterial,
  isNotable,
  type RatioTold,
  ratioInsight,
  varianceOf,
} from "../ratio-insight.ts";

/** Of the goals whose change chance alone does not make, those that stand out most. */
const MOST_GOALS = 3;
const STANDS_OUT = 3.5;
const WEIGHT = 1.2;
const { unit, better, label } = metrics.conversion_rate;

const reaching = (goal: string): Filter => ["is", "event:goal", [goal]];

function toldOf(overview: Overview, goal: string): RatioTold {
  const { visitors } = overview.totals;
  const rate = overview.converted.get(goal);
  const at = (side: "now" | "before") => ({ weight: amountOf(visitors?.[side]) ?? 0, rate: amountOf(rate?.[side]) });
  return {
    ...{ kind: "conversion_rate", metric: "conversion_rate", label: `${label} of ${goal}`, unit, better },
    ...{ of: "visitors", weight: WEIGHT, filters: [reaching(goal)], charted: false },
    now: at("now"),
    before: at("before"),
  };
}

interface Screened {
  goal: string;
  told: RatioTold;
}

/** Their days are only asked for where there may be something to tell. */
function screened(overview: Overview): Screened[] {
  const clear = ({ told }: Screened) => Math.abs(changeIn(told)) / chanceIn(told);
  return [...overview.converted.keys()]
    .map((goal) => ({ goal, told: toldOf(overview, goal) }))
    .filter((one) => isMaterial(one.told) && clear(one) >= STANDS_OUT)
    .toSorted((a, b) => clear(b) - clear(a))
    .slice(0, MOST_GOALS);
}

const ASKED = 2 * BREAKDOWNS.length;

function insightsOf(overview: Overview, { goal, told }: Screened, answers: Answers): Insight[] {
  const [daily, ...converted] = answers.own;
  if (!daily) throw new Error(`the days of ${goal} were not answered`);
  const firstDay = overview.days[overview.historyDays]?.date ?? "";
  const begun = overview.days[0]?.date ?? "";
  const history = dailyValues(daily)
    .filter(({ date }) => date >= begun && date < firstDay)
    // Who reached it is told; on a day on which nobody did, of those who came, the rate is zero.
    .map(({ date, values }) => ({ date, value: values.conversion_rate ?? 0 }));
  if (!isNotable(told, history, overview)) return [];
  const everybody = pairsOf(answers.everybody);
  const all = pairsOf(converted).map(({ dimensions, pairs }, place) => {
    const reached = new Map(pairs.map((pair) => [pair.values.join("\n"), pair]));
    const groups = everybody[place]!.pairs.map(({ values, now, before }) => {
      const own = reached.get(values.join("\n"));
      const rated = ([came]: (number | null)[], [did]: (number | null)[] = []) => {
        const weight = came ?? 0;
        return { weight, rate: weight > 0 ? (100 * (did ?? 0)) / weight : null };
      };
      return { values, now: rated(now, own?.now), before: rated(before, own?.before) };
    });
    return { dimensions, groups };
  });
  const variance = varianceOf(told, history, overview);
  return [ratioInsight(told, explainRatio(all, { ...told, variance }), overview)];
}

interface Answers {
  everybody: readonly QueryResult[];
  own: readonly QueryResult[];
}

export const conversionRate: InsightKind = {
  label,
  about:
    "A goal is reached by more, or by fewer, of the visitors than before: because others came, or because they did otherwise.",
  ask(overview) {
    const goals = screened(overview);
    if (goals.length === 0) return [];
    const own = goals.flatMap(({ goal }) => [
      dailyQuestion(overview, { metrics: ["conversion_rate"], filters: [reaching(goal)] }),
      ...breakdownQuestions(overview, ["visitors"], [reaching(goal)]),
    ]);
    return [...breakdownQuestions(overview, ["visitors"]), ...own];
  },
  find(overview, answers) {
    const everybody = answers.slice(0, ASKED);
    return screened(overview).flatMap((one, place) => {
      const start = ASKED + place * (ASKED + 1);
      return insightsOf(overview, one, { everybody, own: answers.slice(start, start + ASKED + 1) });
    });
  },
};
