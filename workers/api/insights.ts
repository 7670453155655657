// What changed at a site against another period, whether it is more than noise, and why.
import { Hono } from "hono";
import * as z from "zod";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Env } from "../env.ts";
import { isRefusal } from "../query/run.ts";
import { findInsights } from "../reports/find-insights.ts";
import { viewFilter } from "../reports/view-link.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { listKpis } from "../store/kpis.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { filtersAsked, filtersText } from "./filters-asked.ts";
import { insightsReply } from "./insight-schemas.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { periodSchema, rangeAsked, spanAsked, spanText } from "./product-period.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const COMPARISONS = ["previous_period", "year_over_year"] as const;

const MINUTE_MS = 60_000;
/** A period that runs ends with the minute, so that all who look within it share the answers. */
const endOfMinute = (now: number): number => Math.ceil(now / MINUTE_MS) * MINUTE_MS;

const askedSchema = periodSchema.extend({
  compare: z.enum(COMPARISONS, `use one of ${COMPARISONS.join(", ")}`).default("previous_period"),
  filters: filtersText,
});

/** What a link can lead to. */
function viewable(filters: Filter[]): Filter[] {
  const place = filters.findIndex((filter) => viewFilter(filter) === null);
  if (place < 0) return filters;
  throw invalidField(
    `filters.${place}`,
    "use plain filters and has_done: a view, to which insights link, has no place for others",
  );
}

async function answersOf(c: AppContext, id: Query["site_id"], questions: Query[]): Promise<QueryResult[]> {
  return (await answerQuestions(c, questions, { id })).map((answer) => {
    if (isRefusal(answer)) throw invalidFields(answer.errors);
    return answer;
  });
}

export const insights = new Hono<{ Bindings: Env }>().get(
  "/:id/insights",
  operation({
    summary: "See what changed, whether it is more than noise, and why",
    needs: "query",
    about:
      "At most seven sentences, what matters most first. Each has its numbers, each number the question that answers it, and a link to the view behind it. A change is held against how much the site's own days and periods differ by themselves. Of a count the group of visits is named that the change comes from; of a ratio also whether the mix of visits changed, or what they did.",
    query: askedSchema,
    replies: { 200: insightsReply },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const asked = readQuery(c, askedSchema);
    const { compare } = asked;
    const filters = viewable(filtersAsked(asked.filters));
    const now = endOfMinute(Date.now());
    const span = spanAsked(asked, site, now);
    const told = spanText(span, site);
    if (!span.comparison || !told.comparison) throw invalidField("date_range", "has no period before it");
    const [goals, kpis, customMetrics] = await Promise.all([
      listGoals(c.env.DB, site.id),
      listKpis(c.env.DB, site.id),
      listCustomMetrics(c.env.DB, site.id),
    ]);
    const looking = {
      ...{ site, range: rangeAsked(asked), compare, span: { ...span, comparison: span.comparison }, now },
      ...{ filters, goals, kpis, customMetrics },
    };
    const found = await findInsights(looking, (questions) => answersOf(c, site.id, questions));
    return c.json({ ...told, ...found });
  },
);
