import { localDate, startOfDate } from "../domain/buckets.ts";
import { querySchema } from "../domain/query.ts";
import { FIRST_EPOCH } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import {
  COMPARED_DAYS,
  DAILY_FAULTS,
  type DayBefore,
  type DayKnown,
  daysBefore,
  lookAtDay,
} from "../quality/daily-look.ts";
import { type Day, nextDay, readDay } from "../quality/day-facts.ts";
import { type AskPoints, readPoints } from "../quality/day-points.ts";
import { incompleteness, scoreDay } from "../quality/day-score.ts";
import type { HourFacts } from "../quality/hour-facts.ts";
import { HOURLY_FAULTS, lookAtHours } from "../quality/hourly-look.ts";
import { isBusy, lookAtLastHour } from "../quality/last-hour.ts";
import type { QualityPorts } from "../quality/ports.ts";
import { DAY_MS, HOUR_MS } from "../quality/stream-finding.ts";
import { answerQueries, isRefusal } from "../query/run.ts";
import { analyticsAccount, askAnalyticsEngine } from "../store/analytics-engine.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { erasedUntil } from "../store/erasures.ts";
import { exceptionalDays } from "../store/exceptional-days.ts";
import { listGoals } from "../store/goals.ts";
import { epochOfRollups, epochsOf } from "../store/moves.ts";
import { siteShard } from "../store/objects.ts";
import {
  claimLook,
  endLook,
  findingsWithin,
  openFindings,
  pruneQuality,
  readDays,
  settleFindings,
  sitesToLookAt,
  writeDays,
} from "../store/quality.ts";
import { listRates } from "../store/rates.ts";
import { listRules } from "../store/resources.ts";
import { readRollups } from "../store/rollups.ts";
import { scanShard } from "../store/scan-shard.ts";
import { findSite } from "../store/sites.ts";
import { violatingEvents } from "../store/violations.ts";
import type { Job } from "./index.ts";

/** Of a run, all sites together; the next goes on with those that were looked at longest ago. */
const RUN_MS = 120_000;
const SITES_A_RUN = 500;
/** Each asks its shards some times, of which the free plan allows some fifty calls a run. */
const SITES_A_RUN_FREE = 2;
const POINTS_MS = 10_000;
/** As far back as days are still judged. */
const EXCEPTIONAL_MS = 7 * DAY_MS;
const KEPT_MS = 400 * DAY_MS;
/** Days read back: those compared with, and as many that an open finding may leave out. */
const READ_DAYS = 4 * COMPARED_DAYS;

/** Whose old roll-ups are looked at in an hour; the others' in turn: D1 reads those of all shards for each. */
const OLD_ROLLS_OF = 4;

async function portsOf(env: Env, site: Site, now: number): Promise<QualityPorts> {
  const epochs = site.epoch === FIRST_EPOCH ? [] : await epochsOf(env.DB, site.id);
  const rollEpoch = epochOfRollups(site, epochs);
  const { id: siteId, timeZone } = site;
  const turns = Math.ceil(site.shards / OLD_ROLLS_OF);
  return {
    site,
    scan: (shard, requests, within) => scanShard(env, site, { shard, requests, ...(within && { within }) }),
    standing: (shard, periods) => siteShard(env, site, shard).standing(timeZone, periods),
    async checkRolls(shard) {
      if (rollEpoch === null) return [];
      const of = siteShard(env, site, shard);
      const recent = await of.checkRecentRolls();
      const isTurn = shard % turns === Math.floor(now / HOUR_MS) % turns;
      const old = isTurn ? (await of.checkOldRolls()).differences : [];
      return [...recent.differences, ...old];
    },
    strip: (shard) => siteShard(env, site, shard).minutes(0),
    rolled: rollEpoch !== null,
    rollups: async (reads) =>
      rollEpoch === null ? [] : (await readRollups(env.DB, { siteId, epoch: rollEpoch, timeZone }, reads)).rows,
    isExceptional: await exceptionalDays(env.DB, siteId, { from: now - EXCEPTIONAL_MS, to: now }),
    steadySince: epochs.find(({ epoch }) => epoch === site.epoch)?.steadyAt ?? 0,
    erasedUntil: await erasedUntil(env.DB, siteId, now),
  };
}

function askPoints(env: Env): AskPoints | null {
  const account = env.EVENTS ? analyticsAccount(env) : null;
  return account && ((sql) => askAnalyticsEngine(sql, account, { timeoutMs: POINTS_MS }));
}

/** The day's values of metrics; those that the site does not have any more have none. */
async function metricsOf(env: Env, ports: QualityPorts, day: Day, names: readonly string[]) {
  const { site } = ports;
  const answers = await answerQueries(
    names.map((name) => querySchema.parse({ site_id: site.id, metrics: [name], date_range: [day.date, day.date] })),
    {
      site,
      goals: await listGoals(env.DB, site.id),
      customMetrics: await listCustomMetrics(env.DB, site.id),
      rates: site.currency === null ? [] : await listRates(env.DB, site.id, site.currency),
      now: day.to,
      scan: (shard, requests) => scanShard(env, site, { shard, requests }),
    },
  );
  const values = answers.map((answer) => (isRefusal(answer) ? null : (answer.results[0]?.metrics[0] ?? null)));
  return Object.fromEntries(
    names.flatMap((name, place) => (typeof values[place] === "number" ? [[name, values[place]]] : [])),
  );
}

async function daysKnown(env: Env, { id, timeZone }: Site, until: number): Promise<DayBefore[]> {
  const since = localDate(until, timeZone).subtract({ days: READ_DAYS }).toString();
  const kept = await readDays(env.DB, id, { since });
  const days = daysBefore(kept, (date) => startOfDate(localDate(Date.parse(date), "UTC"), timeZone));
  return days.filter(({ from }) => from < until);
}

async function judgeDay(
  env: Env,
  ports: QualityPorts,
  { day, facts, now }: { day: Day; facts: HourFacts; now: number },
) {
  const { DB } = env;
  const { id, shards } = ports.site;
  const nearby = await findingsWithin(DB, id, { from: day.from - 1, to: day.to });
  const rules = await listRules(DB, id);
  const named = rules.flatMap((rule) => (rule.on === "metric" ? [rule.metric] : []));
  const standings = await Promise.all(
    Array.from({ length: shards }, (_, shard) => ports.standing(shard, [{ from: day.from, to: day.to }])),
  );
  const known: DayKnown = {
    memory: facts.memory,
    before: await daysKnown(env, ports.site, day.from),
    open: nearby.filter(({ resolvedAt }) => resolvedAt === null),
    rules,
    exceptional: ports.isExceptional(day.from),
    metrics: named.length > 0 ? await metricsOf(env, ports, day, [...new Set(named)]) : {},
    // Points of erased persons stay until they end.
    points: ports.erasedUntil > day.from ? null : await readPoints(askPoints(env), { site: ports.site, day, now }),
    imported: standings.some(({ imported }) => imported.some(({ from, to }) => from < day.to && to > day.from)),
  };
  const read = await readDay(ports, day);
  const look = lookAtDay(read, known);
  const ofHours = nearby.filter(({ fault }) => HOURLY_FAULTS.some((hourly) => hourly === fault));
  const days = scoreDay(read, look, {
    found: ofHours,
    rules,
    violations: await violatingEvents(DB, id, day),
    imported: known.imported,
    hours: shards * Math.round((day.to - day.from) / HOUR_MS),
  });
  const found = [...look.found, ...incompleteness(days[0]!, day)];
  await writeDays(DB, id, days);
  await settleFindings(DB, id, { judged: [...DAILY_FAULTS, "incomplete"], found, at: now });
}

/** Each step may be done again: what was found has a key, and how far the look came is written last. */
async function lookAt(env: Env, site: Site, now: number): Promise<void> {
  const { DB } = env;
  const look = await claimLook(DB, site.id, now);
  if (!look) return;
  const ports = await portsOf(env, site, now);
  const open = await openFindings(DB, site.id);
  const { facts, found } = await lookAtHours(ports, { open, now });
  const ofHour = isBusy(facts)
    ? await lookAtLastHour(ports, { facts, open, before: await daysKnown(env, site, facts.end) })
    : [];
  await settleFindings(DB, site.id, { judged: HOURLY_FAULTS, found: [...found, ...ofHour], at: now });
  const day = nextDay(look.day, now, site.timeZone);
  if (day) await judgeDay(env, ports, { day, facts, now });
  await endLook(DB, site.id, { checkedAt: now, day: day?.date ?? look.day });
}

/** Each site's data is looked at once an hour, and each of its days once it is over. */
export const checkQuality: Job = {
  name: "checkQuality",
  cron: "7 * * * *",
  async run(env, now) {
    const until = Date.now() + RUN_MS;
    const most = env.EDGEWISE_PLAN === "free" ? SITES_A_RUN_FREE : SITES_A_RUN;
    const since = Math.floor(now / HOUR_MS) * HOUR_MS;
    const failures: unknown[] = [];
    for (const id of await sitesToLookAt(env.DB, { since, now, most })) {
      if (Date.now() >= until) break;
      const site = await findSite(env.DB, id);
      if (site) await lookAt(env, site, now).catch((error: unknown) => failures.push(error));
    }
    await pruneQuality(env.DB, now - KEPT_MS);
    if (failures.length > 0) throw new AggregateError(failures, "some sites' data could not be looked at");
  },
};
