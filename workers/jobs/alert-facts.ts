// What a site's rules are judged by: its minutes, with one call, and its hours, when a new one is over.
import type { Facts } from "../alerts/judge.ts";
import { needsHours } from "../alerts/judge.ts";
import { localOffset } from "../alerts/local-offset.ts";
import { HOUR_MS, MINUTE_MS, type Series } from "../alerts/series.ts";
import { stripSeries } from "../alerts/strip-series.ts";
import { type AlertCondition, stepOf } from "../domain/alert.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { hourlyQuestion, hourlySeries } from "../query/hourly.ts";
import { liveSite } from "../store/objects.ts";
import { siteAnswers } from "./site-answers.ts";

export const STRIP_MS = 48 * HOUR_MS;
/** Enough for a week ago, and for seasons to be learned. */
const DAYS = { change: 9, threshold: 2, absence: 2, anomaly: 35 } as const satisfies Record<
  AlertCondition["kind"],
  number
>;

async function hoursOf(env: Env, site: Site, asked: { metrics: string[]; days: number; now: number }) {
  const asking = { site, ...asked };
  const questions = [hourlyQuestion(asked.metrics, asking)];
  const { known, answers } = await siteAnswers(env, site, { questions, now: asked.now });
  const [answer] = answers;
  // A metric that was removed since: its rule stays as it was.
  return answer ? hourlySeries(answer, { ...asking, known }) : new Map<string, Series>();
}

interface Asking {
  conditions: readonly AlertCondition[];
  /** Ends of the minutes that are judged. */
  after: number;
  through: number;
  now: number;
}

/** Null while its minutes cannot be told. */
export async function alertFacts(
  env: Env,
  site: Site,
  { conditions, after, through, now }: Asking,
): Promise<Facts | null> {
  const since = through - STRIP_MS + MINUTE_MS;
  const { id, shards, epoch, nextShards, timeZone, jurisdiction } = site;
  const asks = conditions.some((condition) => stepOf(condition) === "minute");
  const identity = { id, shards, epoch, nextShards, timeZone, jurisdiction };
  const minutes = asks ? await liveSite(env, site).minutes(identity, since) : [];
  if (minutes === null) return null;
  const strip = stripSeries(minutes, { start: since, until: through });
  const hourly = needsHours({ after, through }) ? conditions.filter((condition) => stepOf(condition) === "hour") : [];
  const metrics = [...new Set(hourly.map(({ metric }) => metric))];
  const days = Math.max(0, ...hourly.map(({ kind }) => DAYS[kind]));
  const hours = metrics.length > 0 ? await hoursOf(env, site, { metrics, days, now }) : new Map<string, Series>();
  return {
    seriesFor: (condition) =>
      stepOf(condition) === "minute" ? strip(condition.metric) : (hours.get(condition.metric) ?? null),
    offsetAt: localOffset(timeZone),
  };
}
