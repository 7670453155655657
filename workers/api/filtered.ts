// What was refused on its way in, and why: counts by reason and day beside what was counted, and a few samples without persons.
import { Hono } from "hono";
import * as z from "zod";
import { DROP_REASONS } from "../domain/drop-reason.ts";
import { bucketEstimate, bucketsOf, localDate } from "../domain/period.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { questionOf } from "../query/product.ts";
import { isRefusal } from "../query/run.ts";
import { readDropSamples, SAMPLES_KEPT_MS } from "../store/drop-samples.ts";
import { readDropHours } from "../store/drops.ts";
import { quarantinedHours } from "../store/quarantine.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import type { Filtered } from "./answers.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { periodSchema, spanAsked, spanText } from "./product-period.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;
const MOST_DAYS = 400;
/** Events in quarantine are no refusals: they are counted once the plan is mended and they are replayed. */
const PLAN = "plan";
const ABOUT: Readonly<Record<string, string>> = {
  ...DROP_REASONS,
  [PLAN]: "the tracking plan refuses it; it waits in quarantine and is counted once it is replayed",
};

const reply = z.strictObject({
  period: z.strictObject({ from: z.string(), to: z.string(), running: z.boolean() }),
  timeZone: z.string(),
  counted: z.int(),
  filtered: z.int(),
  share: z.number().nullable(),
  reasons: z.array(
    z.strictObject({ reason: z.string(), about: z.string(), count: z.int(), share: z.number().nullable() }),
  ),
  days: z.array(z.strictObject({ date: z.string(), counts: z.record(z.string(), z.int()) })),
  samples: z.array(z.strictObject({ reason: z.string(), detail: z.string(), count: z.int(), lastDay: z.string() })),
  keptDays: z.int(),
}) satisfies z.ZodType<Filtered>;

const askedSchema = periodSchema.omit({ compare: true });

const percentOf = (part: number, whole: number): number | null => (whole > 0 ? (100 * part) / whole : null);
const sumOf = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

async function countedIn(c: AppContext, site: Site, period: { from: number; to: number }): Promise<number> {
  const question = questionOf(period, { site_id: site.id, metrics: ["events"] });
  const [answer] = await answerQuestions(c, [question], { id: site.id });
  if (!answer) throw new Error("the question had no answer");
  if (isRefusal(answer)) throw invalidFields(answer.errors);
  return Number(answer.results[0]?.metrics[0] ?? 0);
}

export const filtered = new Hono<{ Bindings: Env }>().get(
  "/:id/filtered",
  operation({
    summary: "See what was filtered, and why",
    needs: "query",
    about:
      "Refused events by reason and day of receipt, their share of all that came, and for thirty days some samples of what they were refused for: a host, a bot's name, a pattern of the settings, a field. Never who sent them.",
    query: askedSchema,
    replies: { 200: reply },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const span = spanAsked({ ...readQuery(c, askedSchema), compare: "none" }, site, Date.now());
    const { period } = span;
    if (bucketEstimate(period.from, period.to, "day") > MOST_DAYS) {
      throw invalidField("date_range", `use at most ${MOST_DAYS} days`);
    }
    const [counted, drops, held, samples] = await Promise.all([
      countedIn(c, site, period),
      readDropHours(c.env.DB, site.id, period),
      quarantinedHours(c.env.DB, site.id, period),
      readDropSamples(c.env.DB, site.id, period),
    ]);
    const all = [...drops, ...held.map((one) => ({ ...one, reason: PLAN }))];
    const total = sumOf(all);
    const byDate = Map.groupBy(all, ({ hour }) => localDate(hour, site.timeZone).toString());
    const { period: told, timeZone } = spanText(span, site);
    return c.json({
      period: told,
      timeZone,
      counted,
      filtered: total,
      share: percentOf(total, total + counted),
      reasons: [...Map.groupBy(all, ({ reason }) => reason)]
        .map(([reason, of]) => {
          const count = sumOf(of);
          return { reason, about: ABOUT[reason] ?? reason, count, share: percentOf(count, total + counted) };
        })
        .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
      days: bucketsOf(period.from, period.to, "day", site.timeZone).map(({ label: date }) => ({
        date,
        counts: Object.fromEntries(
          [...Map.groupBy(byDate.get(date) ?? [], ({ reason }) => reason)].map(([reason, of]) => [reason, sumOf(of)]),
        ),
      })),
      samples: samples.map(({ lastDay, ...sample }) => ({
        ...sample,
        lastDay: new Date(lastDay).toISOString().slice(0, 10),
      })),
      keptDays: SAMPLES_KEPT_MS / DAY_MS,
    });
  },
);
