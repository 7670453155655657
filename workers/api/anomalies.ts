// A metric beside what was expected of it, hour by hour or day by day, and what was out of the ordinary.
import { Hono } from "hono";
import * as z from "zod";
import { amountOf } from "../domain/money.ts";
import { bucketEstimate, type Period } from "../domain/period.ts";
import type { Filter, QueryResult } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { askedMetric } from "../query/asked-metric.ts";
import {
  type ExpectedPoint,
  type ExpectedRange,
  expectedRange,
  type WatchedGrain,
  withHistory,
} from "../query/expected-range.ts";
import { questionOf } from "../query/product.ts";
import { isRefusal } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { exceptionalDays } from "../store/exceptional-days.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import type { Expected } from "./answers.ts";
import { filtersAsked, filtersText } from "./filters-asked.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { periodSchema, spanAsked, spanText } from "./product-period.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const MOST_POINTS = 2000;
const HOURLY_MS = 8 * 24 * 3_600_000;

const askedSchema = periodSchema.omit({ compare: true }).extend({
  metric: z.string().max(60),
  /** Hours of up to eight days and else days, when left out. */
  grain: z.enum(["hour", "day"], "use hour or day").optional(),
  /** A list of filters as the query takes them, as JSON. */
  filters: filtersText,
});

const number = z.number().nullable();
const point = z
  .strictObject({
    time: z.string(),
    value: number,
    expected: number,
    low: number,
    high: number,
    score: z.number(),
    anomalous: z.boolean(),
    reason: z.enum(["spike", "drop", "run_above", "run_below"]).nullable(),
    why: z.string().nullable(),
  })
  .meta({ id: "ExpectedPoint" }) satisfies z.ZodType<ExpectedPoint>;
const history = z.strictObject({
  buckets: z.int(),
  needed: z.int(),
  missing: z.int(),
}) satisfies z.ZodType<ExpectedRange["history"]>;
const reply = z.strictObject({
  metric: z.string(),
  grain: z.enum(["hour", "day"]),
  timeZone: z.string(),
  period: z.strictObject({ from: z.string(), to: z.string(), running: z.boolean() }),
  exact: z.boolean(),
  history,
  points: z.array(point),
}) satisfies z.ZodType<Expected>;

/** Where the question's own fields come from. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^metrics\b.*/, "metric"],
  [/^dimensions\b.*/, "grain"],
];

interface Watching {
  metric: string;
  grain: WatchedGrain;
  filters: Filter[];
  period: Period;
}

async function answerOf(c: AppContext, site: Site, { metric, grain, filters, period }: Watching): Promise<QueryResult> {
  const question = questionOf(withHistory(period, grain), {
    site_id: site.id,
    metrics: [metric],
    dimensions: [`time:${grain}`],
    filters,
  });
  const [answer] = await answerQuestions(c, [question], { id: site.id });
  if (!answer) throw new Error("the question had no answer");
  if (!isRefusal(answer)) return answer;
  throw invalidFields(
    answer.errors.map(({ path, message }) => ({
      path: FIELDS.reduce((known, [from, to]) => known.replace(from, to), path),
      message,
    })),
  );
}

export const anomalies = new Hono<{ Bindings: Env }>().get(
  "/:id/anomalies",
  operation({
    summary: "See what was expected of a metric, and what was out of the ordinary",
    needs: "query",
    about:
      "Any metric, with any filters, by hour or by day: what was expected from the weeks before, between which bounds 99 of 100 usual values lie, and which values are anomalies, with the reason. Of too little history it says how much is missing.",
    query: askedSchema,
    replies: { 200: reply },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const { metric, filters, grain: wanted, ...range } = readQuery(c, askedSchema);
    const now = Date.now();
    const span = spanAsked({ ...range, compare: "none" }, site, now);
    const { period } = span;
    const grain = wanted ?? (period.to - period.from <= HOURLY_MS ? "hour" : "day");
    if (bucketEstimate(period.from, period.to, grain) > MOST_POINTS) {
      throw invalidField(
        "grain",
        `${grain}s of this period are more than ${MOST_POINTS}; use a coarser grain or less time`,
      );
    }
    const answer = await answerOf(c, site, { metric, grain, filters: filtersAsked(filters), period });
    const values = new Map(
      answer.results.map(({ dimensions, metrics }) => [dimensions[0] ?? "", amountOf(metrics[0])]),
    );
    const unit = askedMetric(metric, await listCustomMetrics(c.env.DB, site.id))?.unit ?? "count";
    // Where no event is, counts are zero, and what is divided is unknown.
    const nothing = ["count", "dollars", "bytes"].includes(unit) ? 0 : null;
    const valueAt = (label: string) => values.get(label) ?? nothing;
    const isExceptional = await exceptionalDays(c.env.DB, site.id, withHistory(period, grain));
    const judged = expectedRange({ grain, timeZone: site.timeZone, period, now, unit, isExceptional, valueAt });
    const { period: told, timeZone } = spanText(span, site);
    return c.json({ metric, grain, timeZone, period: told, exact: answer.meta.exact, ...judged });
  },
);
