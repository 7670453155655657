// How good a site's data is: its score with the reasons, day by day, and what is found wrong.
import { Hono } from "hono";
import * as z from "zod";
import { localDate } from "../domain/buckets.ts";
import { COMPLETENESS_OBJECTIVE, type QualityDay } from "../domain/quality.ts";
import type { Env } from "../env.ts";
import { readDays, readFindings, readLook } from "../store/quality.ts";
import { operation } from "./operation.ts";
import { qualityReply } from "./quality-schemas.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;
const MOST_FINDINGS = 200;

const askedSchema = z.strictObject({
  /** Days of the series, and how long ago what is told may have been resolved. */
  days: z.coerce.number().int().min(1).max(400).default(30),
  /** Whose score and series: of one event's name, or of the whole site. */
  event: z.string().max(120).default(""),
});

function eventsOf(days: readonly QualityDay[], day: string | undefined) {
  const own = days.filter((one) => one.day === day && one.event !== "");
  const events = own.map(({ event, score, facts }) => ({ event, events: facts.events, score }));
  return events.sort((a, b) => b.events - a.events || (a.event < b.event ? -1 : 1));
}

function objectiveOf(last: QualityDay | undefined) {
  const completeness = last?.score.aspects.completeness ?? null;
  return {
    completeness: COMPLETENESS_OBJECTIVE,
    met: completeness === null ? null : completeness >= COMPLETENESS_OBJECTIVE,
  };
}

export const quality = new Hono<{ Bindings: Env }>().get(
  "/:id/quality",
  operation({
    summary: "See how good a site's data is",
    needs: "query",
    about:
      "The score of the last day that was judged, from 0 to 100, with its five aspects and what cost points; the days before; what is found wrong, what is open first. With `event`, score and series are that event's.",
    query: askedSchema,
    replies: { 200: qualityReply },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const { days: back, event } = readQuery(c, askedSchema);
    const now = Date.now();
    const since = localDate(now, site.timeZone).subtract({ days: back }).toString();
    const [look, wholes, findings] = await Promise.all([
      readLook(c.env.DB, site.id),
      readDays(c.env.DB, site.id, { since, event: "" }),
      readFindings(c.env.DB, site.id, { since: now - back * DAY_MS, limit: MOST_FINDINGS }),
    ]);
    const [last] = wholes;
    const ofLast = last ? await readDays(c.env.DB, site.id, { since: last.day }) : [];
    const told = event === "" ? wholes : await readDays(c.env.DB, site.id, { since, event });
    const [newest] = told;
    return c.json({
      checkedAt: look && look.checkedAt > 0 ? look.checkedAt : null,
      event,
      day: newest?.day ?? null,
      score: newest?.score ?? null,
      objective: objectiveOf(newest),
      sample: last?.facts.sample ?? null,
      series: told.toReversed().map(({ day, score: { total, aspects } }) => ({ day, total, aspects })),
      events: eventsOf(ofLast, last?.day),
      findings,
      verdicts: last?.facts.rules ?? {},
    });
  },
);
