// The free plan allows an invocation fifty calls to what lies outside of it: D1 (a batch is one), objects, KV, the network. The
// jobs of one cron share them; each takes what a piece of work may need at most before it begins it, and leaves the rest to
// the next minute.
import { FIRST_EPOCH } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";

const FREE = 50;
/** The jobs' runs and the measures are written at the end. */
const AT_THE_END = 2;

export interface Calls {
  left: number;
}

export const callsFor = ({ EDGEWISE_PLAN }: Pick<Env, "EDGEWISE_PLAN">): Calls => ({
  left: EDGEWISE_PLAN === "free" ? FREE - AT_THE_END : Number.POSITIVE_INFINITY,
});

/** False, and nothing taken, where fewer than `count` are left beside those that are kept for others. */
export function takeCalls(calls: Calls, count: number, kept = 0): boolean {
  if (calls.left - kept < count) return false;
  calls.left -= count;
  return true;
}

/** What an answer about a site costs at most: `answerSite` in workers/reporting. */
export function answerCalls({ currency, epoch, shards, nextShards }: Site): number {
  const facts = 1 + (currency === null ? 0 : 1) + (epoch === FIRST_EPOCH ? 0 : 1);
  const moving = nextShards === null ? 0 : 1 + nextShards;
  const [standings, scans, rolled] = [shards, shards + moving, 1];
  return facts + standings + scans + rolled;
}

/** Of a message: the request, a picture's short name, its channel turned off, and what became of it. */
export const NOTICE_CALLS = 4;
/** Of all messages of a run: they are claimed, and their channels read. */
export const CLAIM_CALLS = 2;
/** Addresses of members, where some are told. */
export const MEMBERS_CALLS = 1;
/** A browser is told with the deployment's key, which the first of all makes. */
export const PUSH_KEY_CALLS = 3;
/** That one message is told, whatever else the minute holds. */
export const KEPT_FOR_NOTICES = CLAIM_CALLS + MEMBERS_CALLS + PUSH_KEY_CALLS + NOTICE_CALLS;

/** Which targets are due. */
export const TARGETS_CALLS = 1;
/** Of a target of the system: the health of all parts, what was measured, and the sending. */
export const SYSTEM_TARGET_CALLS = 18;
const MINUTE_MS = 60_000;

/** A schedule that is due, and a report to one recipient: the longest template takes 31. */
export const REPORTS_CALLS = 36;

const minuteOf = (now: number): number => Math.floor(now / MINUTE_MS);

/** In one minute of ten a report has its turn, however much there is to judge; messages go before it. */
export const keptForReports = (now: number): number => (minuteOf(now) % 10 === 5 ? REPORTS_CALLS : 0);

/** Every other minute metrics have theirs, however much there is to tell as well. */
export const keptForMetrics = (now: number): number =>
  TARGETS_CALLS + (minuteOf(now) % 2 === 0 ? SYSTEM_TARGET_CALLS : 0);
