// Another tool's count of some days beside the site's own, and what explains the difference.
import { Hono } from "hono";
import * as z from "zod";
import { dimensionOf } from "../catalog/dimensions/index.ts";
import { matchesWildcard } from "../domain/goal.ts";
import { type History, WHOLE_DAYS } from "../domain/history.ts";
import { amountOf } from "../domain/money.ts";
import { periodOf } from "../domain/period.ts";
import { dateSchema, type Query, querySchema } from "../domain/query.ts";
import { COMPARED } from "../domain/reconciliation.ts";
import { type Site, timeZoneSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { type Reconciling, reconcile, type Theirs } from "../history/reconcile.ts";
import { isRefusal } from "../query/run.ts";
import { readDrops } from "../store/drops.ts";
import { readHistory } from "../store/histories.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { historyOf } from "./histories.ts";
import { reconciliationReply } from "./history-schemas.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const askedSchema = z.strictObject({
  /** Its id. */
  history: z.string().min(1).max(100),
  /** First and last day; left out, all of the history's. */
  from: dateSchema.optional(),
  to: dateSchema.optional(),
  /** In which the other tool's days begin; left out, the site's. */
  timeZone: timeZoneSchema.optional(),
});

const [DAY, PAGE, SOURCE] = ["time:day", "event:page", "visit:source"] as const;
const MOST_DAYS = 400;
const MOST_VALUES = 1_000_000;
const DAY_MS = 86_400_000;

interface Span {
  from: string;
  to: string;
  timeZone: string;
}

function spanAsked(site: Site, history: History, asked: z.infer<typeof askedSchema>): Span {
  const { from = history.from, to = history.to, timeZone = site.timeZone } = asked;
  if (from > to) throw invalidField("to", "the last day must not be before the first");
  if (Date.parse(to) - Date.parse(from) > MOST_DAYS * DAY_MS)
    throw invalidField("from", `compare at most ${MOST_DAYS} days at once: give from and to`);
  return { from, to, timeZone };
}

type Own = Reconciling["ours"];

/** Of our own events alone. */
async function ownCounts(c: AppContext, site: Site, { from, to, timeZone }: Span): Promise<Own> {
  const about = (dimensions: string[]): Query => ({
    ...querySchema.parse({ site_id: site.id, metrics: [...COMPARED], date_range: [from, to], dimensions }),
    // Of a list that is cut off the rest would look as if only they counted it.
    pagination: { limit: MOST_VALUES, offset: 0 },
  });
  const asked = [[DAY], [DAY, PAGE], [DAY, SOURCE], []].map(about);
  const answers = await answerQuestions(c, asked, { id: site.id, timeZone });
  const [days, pages, sources, whole] = answers.map((answer) => {
    if (isRefusal(answer)) throw invalidFields(answer.errors);
    // An empty value is told by a name of ours.
    const none = dimensionOf(answer.query.dimensions[1] ?? "")?.empty;
    return answer.results.map(({ dimensions: [date = "", value = ""], metrics }) => ({
      date,
      value: value === none ? "" : value,
      counts: metrics.map((one) => amountOf(one) ?? 0),
    }));
  });
  return { days: days!, pages: pages!, sources: sources!, visitors: whole![0]?.counts[0] ?? 0 }; // one of each
}

/** Roll-ups outlive the events: a count anew that lacks more than the first and last day's edges was made of what is left. */
function refuseGone(own: Own["days"], anew: Own["days"], { from, to }: Span): void {
  const views = (rows: Own["days"]) => rows.reduce((sum, { counts }) => sum + counts[2]!, 0);
  const edges = views(own.filter(({ date }) => date === from || date === to));
  if (views(own) - views(anew) <= edges) return;
  throw invalidField(
    "timeZone",
    "events of these days are gone and cannot be counted anew: leave it out, or ask for later days",
  );
}

async function theirCounts(env: Env, site: Site, asked: { history: History; span: Span; panel: string }) {
  const { history, span, panel } = asked;
  const found = history.panels.find((one) => one.panel === panel);
  if (!found) return null;
  const { from, to } = span;
  const days = await readHistory(env.DB, site.id, { id: history.id, panel, from, to });
  return { days, measures: found.measures } satisfies Theirs;
}

export const reconciliation = new Hono<{ Bindings: Env }>().get(
  "/:id/reconciliation",
  operation({
    summary: "Compare with another tool's count",
    needs: "query",
    about: "Both counts by day, page and source, and the difference by cause, each with its evidence.",
    query: askedSchema,
    replies: { 200: reconciliationReply },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const asked = readQuery(c, askedSchema);
    const history = await historyOf(c, site, asked.history);
    const span = spanAsked(site, history, asked);
    const period = periodOf([span.from, span.to], { now: Date.now(), timeZone: span.timeZone });
    if ("problem" in period) throw invalidField("from", period.problem);
    const theirs = (panel: string) => theirCounts(c.env, site, { history, span, panel });
    const isOther = span.timeZone !== site.timeZone;
    const [days, pages, sources, ours, own, drops] = await Promise.all([
      theirs(WHOLE_DAYS),
      theirs(PAGE),
      theirs(SOURCE),
      ownCounts(c, site, span),
      isOther ? ownCounts(c, site, { ...span, timeZone: site.timeZone }) : null,
      readDrops(c.env.DB, site.id, period),
    ]);
    if (own) refuseGone(own.days, ours.days, span);
    const compared = reconcile({
      history,
      ...span,
      theirs: { days, pages, sources },
      ours,
      ownZone: own && { timeZone: site.timeZone, days: own.days },
      isExcluded: (page) => site.excludedPaths.some((pattern) => matchesWildcard(pattern, page)),
      drops,
    });
    return c.json(compared);
  },
);
