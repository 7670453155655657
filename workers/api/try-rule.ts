// An alert rule on the past: how often it would have fired, and the series that it looked at.
import type * as z from "zod";
import { backTest, goesByHours, type Woken } from "../alerts/back-test.ts";
import { gatherFacts } from "../alerts/gather-facts.ts";
import type { Facts } from "../alerts/judge.ts";
import { withOthers } from "../alerts/rule-order.ts";
import { firstMeasured, HOUR_MS, MINUTE_MS } from "../alerts/series.ts";
import type { MetricCondition } from "../domain/alert-condition.ts";
import { isOfMetric } from "../domain/condition-step.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import { alertOwn, alertWatched, firstHourOf, siteMinutes } from "../store/alert-ports.ts";
import { exceptionalDays } from "../store/exceptional-days.ts";
import type { AppContext } from "./access.ts";
import type { backTestReply } from "./alert-replies.ts";
import { answerQuestions } from "./answer-questions.ts";
import type { ReadRule } from "./read-rule.ts";

const TESTED_DAYS = 90;
const TESTED_MINUTES_MS = 48 * HOUR_MS;

type Rules = ReturnType<typeof withOthers<ReadRule["others"][number]>>;

function boundOf(condition: MetricCondition, step: number): number | null {
  if (condition.kind === "forecast") return condition.value;
  // Of a longer time than a step it is another amount.
  return condition.kind === "threshold" && condition.minutes * MINUTE_MS === step ? condition.value : null;
}

/** The value of the split that fired most. */
function loudest(woken: readonly Woken[], prefix: string): string | null {
  const counts = Map.groupBy(woken, ({ name }) => name);
  const [first] = [...counts].sort((a, b) => b[1].length - a[1].length);
  return first ? first[0].slice(prefix.length) : null;
}

function seriesOf(rule: Rules[number], facts: Facts, { woken, from }: { woken: readonly Woken[]; from: number }) {
  const condition = rule.conditions.find(isOfMetric);
  if (!condition) return null;
  const part = rule.split ? (loudest(woken, `${rule.name}: `) ?? facts.partsOf(rule)?.[0] ?? null) : null;
  const series = facts.seriesFor(condition, { rule, part });
  if (!series) return null;
  const { start, step } = series;
  const first = Math.max(0, Math.floor((from - start) / step));
  const label = `${facts.nameOf(condition.metric)}${part === null ? "" : `, ${part}`}`;
  const values = [...series.values.slice(first)];
  return { label, part, start: start + first * step, step, values, bound: boundOf(condition, step) };
}

async function pastOf(c: AppContext, site: Site, rules: Rules) {
  const now = Date.now();
  const byHours = goesByHours(rules);
  const until = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const facts = await gatherFacts(
    rules,
    {
      site,
      now,
      own: () => alertOwn(c.env.DB, site.id),
      minutes: (since) => siteMinutes(c.env, site, since),
      watched: (asks) => alertWatched(c.env, site, { asks, now }),
      firstHour: () => firstHourOf(c.env.DB, site),
      exceptional: (days) => exceptionalDays(c.env.DB, site.id, { from: now - days * 24 * HOUR_MS, to: now }),
      ask: (questions) => answerQuestions(c, questions, { id: site.id }),
    },
    { after: until - TESTED_MINUTES_MS, through: until, tested: { byHours, days: TESTED_DAYS } },
  );
  if (!facts) throw new AppError("unavailable", "the site is moving to other shards; try again later");
  const known = rules.flatMap((rule) => {
    const parts = rule.split ? (facts.partsOf(rule) ?? []) : [null];
    return rule.conditions.flatMap((condition) =>
      isOfMetric(condition) ? parts.flatMap((part) => facts.seriesFor(condition, { rule, part }) ?? []) : [],
    );
  });
  // From when there was anything: a site that is ten days old was not silent for eighty.
  const began = Math.min(...known.map((series) => series.start + firstMeasured(series) * series.step));
  return { facts, from: Math.min(until, Math.max(byHours ? 0 : until - TESTED_MINUTES_MS, began)), until };
}

export async function tryRule(c: AppContext, site: Site, { rule, others }: ReadRule) {
  const tested = { ...rule, id: "tested", version: 1, createdAt: 0 };
  const rules = withOthers(
    tested,
    others.filter(({ enabled }) => enabled),
  );
  const { facts, from, until } = await pastOf(c, site, rules);
  const woken = backTest(tested.id, rules, { facts, from, until });
  return { from, until, woken, series: seriesOf(tested, facts, { woken, from }) } satisfies z.infer<
    typeof backTestReply
  >;
}
