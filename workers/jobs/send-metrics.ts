import { type SamplesDelivered, sendSamples } from "../delivery/send-samples.ts";
import { countersOf, type MetricSample, withAdded } from "../domain/metric-sample.ts";
import type { Env } from "../env.ts";
import { siteSampling } from "../query/site-samples.ts";
import { answerSite } from "../reporting/answer-site.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listKpis } from "../store/kpis.ts";
import { claimSending, type DueTarget, dueMetricTargets, SYSTEM, settleSending } from "../store/metric-targets.ts";
import { findSite } from "../store/sites.ts";
import { readSystemSamples } from "../store/system/samples.ts";
import {
  answerCalls,
  type Calls,
  callsFor,
  keptForReports,
  SYSTEM_TARGET_CALLS,
  TARGETS_CALLS,
  takeCalls,
} from "./calls.ts";
import type { Job } from "./index.ts";

const MINUTE_MS = 60_000;
const TARGETS_A_RUN = 60;
/** Which sites, KPIs and metrics there are. */
const SITE_CALLS = 3;
/** It is claimed, sent and settled. */
const SENDING_CALLS = 3;
const AT_ONCE = 6;
/** What fails is tried again after 1, 2, 4 … minutes, or what it is set to, an hour at most. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

interface Turn {
  target: DueTarget;
  /** The minute that is sent, and now, milliseconds. */
  at: number;
  now: number;
  calls: Calls;
}

/** Null for what there are no calls left for. */
async function samplesOf(env: Env, { target, now, calls }: Turn): Promise<MetricSample[] | null> {
  const { siteId, metrics } = target;
  const kept = keptForReports(now);
  if (siteId === SYSTEM) return takeCalls(calls, SYSTEM_TARGET_CALLS, kept) ? readSystemSamples(env, now) : null;
  if (!takeCalls(calls, SITE_CALLS + SENDING_CALLS, kept)) return null;
  const site = await findSite(env.DB, siteId);
  if (!site) return [];
  if (!takeCalls(calls, answerCalls(site), kept)) return null;
  const [kpis, known] = await Promise.all([listKpis(env.DB, siteId), listCustomMetrics(env.DB, siteId)]);
  const { questions, read } = siteSampling({ site, metrics, kpis, known, now });
  return questions.length === 0 ? [] : read(await answerSite(env, site, { questions, customMetrics: known, now }));
}

async function settle(env: Env, { target, at, now }: Turn, { result, told }: SamplesDelivered): Promise<void> {
  const every = target.everyMinutes * MINUTE_MS;
  const isWell = result === "sent";
  const failures = isWell ? 0 : target.failures + 1;
  const wait = isWell ? every : Math.max(every, Math.min(LONGEST_WAIT_MS, MINUTE_MS * 2 ** Math.min(failures - 1, 6)));
  // What may have arrived is held to have: a count that lacks something is better than one that has it twice.
  const isRefused = !isWell && result !== "unsure";
  const { sentAt, sent } = target;
  const dueAt = now - (now % MINUTE_MS) + wait;
  await settleSending(env.DB, target, {
    ...{ at, told, toldAt: now, failures, dueAt },
    ...(isRefused && { back: { sentAt, sent } }),
  });
}

async function sendTo(env: Env, turn: Turn): Promise<void> {
  const { target, at } = turn;
  if (target.sentAt >= at) return;
  const { kind, config, sent, sentAt, everyMinutes } = target;
  const samples = await samplesOf(env, turn).catch((error: unknown) => {
    console.error(`metrics for ${kind}:`, error);
    return undefined;
  });
  // It stays due.
  if (samples === null) return;
  if (!samples) {
    const told = "the metrics could not be read; they are tried again";
    return settle(env, { ...turn, at: sentAt }, { result: "again", told });
  }
  const dueAt = at + everyMinutes * MINUTE_MS;
  // A counter that could not be read this time is compared with what was sent of it before.
  const counters = { ...sent, ...countersOf(samples) };
  if (!(await claimSending(env.DB, target, { at, sent: counters, dueAt }))) return;
  const batch = { samples: withAdded(samples, { before: sent, sentAt }), at };
  await settle(env, turn, await sendSamples(env, { kind, config, batch }));
}

/** Sends metrics where they are due, each target by itself. */
export const sendMetrics: Job = {
  name: "sendMetrics",
  cron: "* * * * *",
  async run(env, now, calls = callsFor(env)) {
    if (!takeCalls(calls, TARGETS_CALLS)) return;
    const most = Math.min(TARGETS_A_RUN, Math.max(1, Math.floor(calls.left / (SITE_CALLS + SENDING_CALLS))));
    const due = await dueMetricTargets(env, now, most);
    const at = now - (now % MINUTE_MS);
    const failures: unknown[] = [];
    for (let first = 0; first < due.length; first += AT_ONCE) {
      const some = due.slice(first, first + AT_ONCE).map((target) => sendTo(env, { target, at, now, calls }));
      for (const done of await Promise.allSettled(some)) if (done.status === "rejected") failures.push(done.reason);
    }
    if (failures.length > 0) throw new AggregateError(failures, "metrics could not be sent");
  },
};
