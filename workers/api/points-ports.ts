// Analytics Engine for the sites whose owner set an exact limit: how many events they have, and a client that rests after a
// failure, since its time is lost to the reader.
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { eventsAMonth } from "../query/events-a-month.ts";
import type { QueryPorts } from "../query/run.ts";
import { analyticsAccount, askAnalyticsEngine } from "../store/analytics-engine.ts";

/** A month's events are counted anew after this. */
const HELD_MS = 5 * 60_000;
const MOST_HELD = 1000;
const REST_MS = 30_000;
/** The shards would answer in less. */
const TIMEOUT_MS = 3000;

const months = new Map<string, { at: number; events: Promise<number> }>();
let failed = { at: Number.NEGATIVE_INFINITY, why: "" };

function heldMonth(key: string, now: number, count: () => Promise<number>): Promise<number> {
  const known = months.get(key);
  if (known && now - known.at < HELD_MS) return known.events;
  if (months.size >= MOST_HELD) months.clear();
  const events = count();
  months.set(key, { at: now, events });
  events.catch(() => months.delete(key));
  return events;
}

function clientOf(env: Env): NonNullable<QueryPorts["points"]>["ask"] {
  if (!env.EVENTS) return "no dataset is bound as EVENTS, so there are no points";
  const account = analyticsAccount(env);
  if (!account) return "set EDGEWISE_ACCOUNT_ID and EDGEWISE_ANALYTICS_TOKEN, with which Analytics Engine is asked";
  return async (sql) => {
    if (Date.now() - failed.at < REST_MS) throw new Error(`${failed.why} (not asked again for ${REST_MS / 1000} s)`);
    try {
      return await askAnalyticsEngine(sql, account, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      failed = { at: Date.now(), why: error instanceof Error ? error.message : String(error) };
      throw error;
    }
  };
}

/** None for sites without a limit, and none while roll-ups cannot tell how many events there are. */
export function pointsPorts(env: Env, site: Site, { rolled }: Pick<QueryPorts, "rolled">): Pick<QueryPorts, "points"> {
  if (site.exactLimit === null || !rolled) return {};
  const key = `${site.id} ${site.epoch} ${site.timeZone}`;
  const points = {
    eventsAMonth: () => heldMonth(key, Date.now(), () => eventsAMonth(rolled.read, Date.now())),
    ask: clientOf(env),
  };
  return { points };
}
