// A site whose weeks before are known from roll-ups, and whose days now are lived through: events come in, hours roll up, the
// checks run as cron runs them.
import { env } from "cloudflare:workers";
import type { AppendBatch } from "../../durable-objects/site-shard/protocol.ts";
import { bodiesOf } from "../../workers/analyses/rolled/body.ts";
import { MEASURES } from "../../workers/catalog/measure.ts";
import { TOTALS } from "../../workers/catalog/standard-panels.ts";
import { type Event, packEvent } from "../../workers/domain/event.ts";
import type { KeptFinding } from "../../workers/domain/quality.ts";
import { shardOf } from "../../workers/domain/shard.ts";
import type { Site } from "../../workers/domain/site.ts";
import { checkQuality } from "../../workers/jobs/check-quality.ts";
import { readFindings } from "../../workers/store/quality.ts";
import { writeRollups } from "../../workers/store/rollups.ts";
import { anEvent } from "../support/events.ts";
import { DAY_MS, HOUR_MS, runAlarms, setClock, shardOfSite } from "./worker.ts";

/** A Monday, far enough ahead that nothing of other tests lies there. */
export const MONDAY = Date.UTC(2031, 5, 2);

export const dayStart = (day: number): number => MONDAY + day * DAY_MS;

/** Above those of a shard that never had the events, and would say so. */
const OLD = Number.MAX_SAFE_INTEGER;

/** Roll-ups of hours that are long over: `count` events in each, as `countOf` says. */
export async function rememberHours(
  site: Site,
  { from, to }: { from: number; to: number },
  countOf: (at: number) => number,
): Promise<void> {
  const rows = Array.from({ length: (to - from) / HOUR_MS }, (_, hour) => {
    const bucket = from + hour * HOUR_MS;
    const counts = MEASURES.map((measure) => (measure === "events" ? countOf(bucket) : 0));
    const body = bodiesOf({ rows: [{ key: [], counts }], lasting: 0 })[0]!;
    return { grain: "hour" as const, bucket, panel: TOTALS, version: OLD, body };
  });
  const { id: siteId, epoch, timeZone } = site;
  await writeRollups(env.DB, { siteId, epoch, shard: 0, timeZone }, rows);
}

/** Events of a usual hour of the day. */
export const usualCount = (at: number): number => 22 + Math.round(8 * Math.sin(((at % DAY_MS) / DAY_MS) * 2 * Math.PI));

/** Eight digits, spread evenly. */
export const hex = (number: number): string => (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");

/** Orders of many visitors, `countOf` in each hour of the day. */
export function aDay(day: number, countOf: (at: number) => number = usualCount): Event[] {
  return Array.from({ length: 24 }, (_, hour) => dayStart(day) + hour * HOUR_MS).flatMap((start) => {
    const count = countOf(start);
    return Array.from({ length: count }, (_, place) => {
      const number = Math.round(start / HOUR_MS) * 100 + place;
      return anEvent({
        name: "order",
        at: start + Math.floor(((place + 0.5) * HOUR_MS) / count),
        visitorId: `${hex(number)}${hex(number + 7)}`,
        props: { price: 10 + (number % 40), plan: ["free", "pro", "team"][number % 3]! },
      });
    });
  });
}

const BATCH = 500;

/** Straight to the shards, as collect sends them. */
export async function append(site: Site, events: readonly Event[]): Promise<void> {
  const { id: siteId, shards, epoch, timeZone, jurisdiction } = site;
  for (const [shard, own] of Map.groupBy(events, ({ visitorId }) => shardOf(visitorId, shards))) {
    for (let start = 0; start < own.length; start += BATCH) {
      const items = own.slice(start, start + BATCH).map((event) => ({ packed: JSON.stringify(packEvent(event)) }));
      const batch: AppendBatch = { of: { siteId, shard, shards, epoch, timeZone, jurisdiction }, items };
      const taken = await shardOfSite(site, shard).append(batch);
      if (!Array.isArray(taken)) throw new Error(`not taken: ${JSON.stringify(taken)}`);
    }
  }
}

/** The events come, and an hour and a bit after the day all is rolled up. */
export async function liveDay(site: Site, day: number, events: readonly Event[] = aDay(day)): Promise<void> {
  setClock(dayStart(day + 1));
  await append(site, events);
  setClock(dayStart(day + 1) + HOUR_MS + 7 * 60_000);
  for (let turn = 0; turn < 4; turn++) await runAlarms(site);
}

/** As cron runs it now. */
export const check = (): Promise<void> => checkQuality.run(env, Date.now());

export const findingsOf = (site: Site): Promise<KeptFinding[]> =>
  readFindings(env.DB, site.id, { since: 0, limit: 1000 });

/** Faults and subjects of what is open. */
export const openOf = async (site: Site): Promise<string[]> =>
  (await findingsOf(site))
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ fault, subject }) => `${fault} ${subject}`);
