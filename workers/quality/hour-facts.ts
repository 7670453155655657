// A site's events by hour, from each place that counts them: the shards' log and segments, their live counts, the roll-ups.
import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import { rolledFrom } from "../analyses/rolled/body.ts";
import { timeseries } from "../analyses/timeseries.ts";
import { MEASURES } from "../catalog/measure.ts";
import { TOTALS } from "../catalog/standard-panels.ts";
import { bucketsOf } from "../domain/buckets.ts";
import type { StoredRollup } from "../domain/rollup.ts";
import type { Site } from "../domain/site.ts";
import type { QualityPorts } from "./ports.ts";
import { DAY_MS, HOUR_MS } from "./stream-finding.ts";
import type { TwoCounts } from "./streams/counts-differ.ts";
import type { ShardProgress } from "./streams/late-shard.ts";
import { type Hours, type Memory, memoryOf } from "./usual-hour.ts";

/** Counts are compared this far back: as far as shards count live. */
const COMPARED_MS = 47 * HOUR_MS;
/** What is usual is known from roll-ups of this time: four weeks before the last four. */
const REMEMBERED_MS = 60 * DAY_MS;
const EVENTS = MEASURES.indexOf("events");

export interface HourFacts {
  /** Events of each hour that is over, hours without any included, as far as they are known. */
  memory: Memory;
  /** End of the last hour that is over. */
  end: number;
  compared: TwoCounts[];
  shards: ShardProgress[];
  /** Of each shard: what waits to be rolled up. */
  standings: ShardStanding[];
}

interface Hour {
  start: number;
  end: number;
  label: string;
}

/** Local hours that are over and end after `since`. */
function hoursSince(since: number, now: number, timeZone: string): Hour[] {
  const buckets = bucketsOf(since, now, "hour", timeZone);
  return buckets.flatMap((bucket, place) => {
    const next = buckets[place + 1];
    return next && bucket.start >= since ? [{ ...bucket, end: next.start }] : [];
  });
}

const eventsOf = (row: StoredRollup): number =>
  rolledFrom(row.body).rows.reduce((sum, { counts }) => sum + counts[EVENTS]!, 0);

interface ShardHours {
  shard: number;
  /** By hour, those with events. */
  counted: Map<number, number>;
  live: Map<number, number>;
  /** Of its oldest event, milliseconds; null when it has none. */
  earliest: number | null;
  /** Whether its roll-up of the hour says all. */
  isRolled(hour: Hour): boolean;
  imported: boolean;
  standing: ShardStanding;
}

/** What D1 says is read before what the shard says of it, so that an hour rolled up in between is looked at next time. */
async function readShard(shard: number, hours: readonly Hour[], ports: QualityPorts): Promise<ShardHours> {
  const { timeZone } = ports.site;
  const span = { from: hours[0]!.start, to: hours.at(-1)!.end };
  const params = { measures: ["events"], grain: "hour" };
  const replies = await ports.scan(shard, [{ analysis: timeseries.name, params, ...span, timeZone, filters: [] }]);
  const { rows } = timeseries.answer(
    replies.map(({ partials }) => partials[0]),
    timeseries.params.parse(params),
  );
  const starts = new Map(hours.map(({ label, start }) => [label, start]));
  const counted = new Map(
    rows.flatMap(({ key, counts }) => (counts[0]! > 0 ? [[starts.get(key[0]!)!, counts[0]!]] : [])),
  );
  const live = new Map(hours.map(({ start }) => [start, 0]));
  for (const { start, events } of await ports.strip(shard)) {
    const hour = hours.find((one) => start >= one.start && start < one.end);
    if (hour) live.set(hour.start, live.get(hour.start)! + events);
  }
  const standing = await ports.standing(shard, [span]);
  const dirty = new Set(standing.hours);
  const earliest = replies.flatMap((reply) => reply.earliest ?? []);
  return {
    shard,
    counted,
    live,
    earliest: earliest.length > 0 ? Math.min(...earliest) : null,
    standing,
    imported: standing.imported.some(({ from, to }) => from < span.to && to > span.from),
    isRolled({ start, end }) {
      if (end > standing.closedUntil) return false;
      for (let hour = Math.floor(start / HOUR_MS) * HOUR_MS; hour < end; hour += HOUR_MS) {
        if (dirty.has(hour)) return false;
      }
      return true;
    },
  };
}

const within = (hours: readonly Hour[], counts: ReadonlyMap<number, number>, keep: (hour: Hour) => boolean): Hours =>
  new Map(hours.filter((hour) => counts.has(hour.start) && keep(hour)).map(({ start }) => [start, counts.get(start)!]));

export const ROLLUPS = "roll-ups";

/** Which shard, where there are several. */
export const ofShard = ({ shards }: Pick<Site, "shards">, shard: number): string =>
  shards > 1 ? ` of shard ${shard}` : "";

function comparedOf(own: ShardHours, rolled: Hours, hours: readonly Hour[], ports: QualityPorts): TwoCounts[] {
  const { earliest } = own;
  if (earliest === null) return [];
  const of = ofShard(ports.site, own.shard);
  const isTold = (hour: Hour) => ports.rolled && hour.end > earliest && own.isRolled(hour);
  /** What erased persons brought is still in the count: more than there is may be right. */
  const mayBeMore = ({ start }: Hour) =>
    start < ports.erasedUntil && (rolled.get(start) ?? 0) >= (own.counted.get(start) ?? 0) && rolled.has(start);
  const isSure = (hour: Hour) => isTold(hour) && !mayBeMore(hour);
  const rollups = {
    subject: `${ROLLUPS}${of}`,
    source: within(hours, own.counted, isSure),
    derived: within(hours, rolled, isSure),
  };
  const isLive = ({ start }: Hour) => start >= Math.max(ports.steadySince, ports.erasedUntil) && !own.imported;
  const all = new Map(hours.map(({ start }) => [start, own.counted.get(start) ?? 0]));
  const live = {
    subject: `live counts${of}`,
    source: within(hours, all, isLive),
    derived: within(hours, own.live, isLive),
  };
  return [rollups, live];
}

/** Late is an hour that has events and no roll-up at all: one that is merely made again has an older one. */
function progressOf({ shard, counted, isRolled }: ShardHours, rolled: Hours, hours: readonly Hour[]): ShardProgress {
  const behind = hours.filter((hour) => counted.has(hour.start) && !rolled.has(hour.start) && !isRolled(hour));
  const waiting = behind.reduce((sum, { start }) => sum + counted.get(start)!, 0);
  return { shard: String(shard), through: behind[0]?.start ?? hours.at(-1)!.end, waiting };
}

/** Hours from the first known one on, those without a row at 0; of the last two days what the shards say, where they have them. */
function mergedHours(rows: readonly StoredRollup[], all: readonly ShardHours[], hours: readonly Hour[]): Hours {
  const told = new Map<number, number>();
  for (const row of rows) told.set(row.bucket, (told.get(row.bucket) ?? 0) + eventsOf(row));
  const begun = all.flatMap(({ earliest }) => earliest ?? []);
  const held = begun.length > 0 ? Math.min(...begun) : Number.POSITIVE_INFINITY;
  for (const { start } of hours) {
    if (start < held) continue;
    told.set(
      start,
      all.reduce((sum, { counted }) => sum + (counted.get(start) ?? 0), 0),
    );
  }
  const starts = [...told.keys()];
  const last = hours.at(-1)!.start;
  if (starts.length > 0) {
    for (let at = starts.reduce((a, b) => Math.min(a, b)); at <= last; at += HOUR_MS) {
      if (!told.has(at)) told.set(at, 0);
    }
  }
  return told;
}

export async function readHours(ports: QualityPorts, now: number): Promise<HourFacts> {
  const { timeZone, shards } = ports.site;
  const hours = hoursSince(now - COMPARED_MS, now, timeZone);
  const end = hours.at(-1)!.end;
  const all = await Promise.all(Array.from({ length: shards }, (_, shard) => readShard(shard, hours, ports)));
  const rows = await ports.rollups([{ grain: "hour", from: now - REMEMBERED_MS, to: end, panels: [TOTALS] }]);
  const rolledOf = (shard: number): Hours =>
    new Map(rows.filter((row) => row.shard === shard).map((row) => [row.bucket, eventsOf(row)]));
  const each = all.map((own) => ({ own, rolled: rolledOf(own.shard) }));
  return {
    memory: memoryOf(mergedHours(rows, all, hours), timeZone),
    end,
    compared: each.flatMap(({ own, rolled }) => comparedOf(own, rolled, hours, ports)),
    standings: all.map(({ standing }) => standing),
    shards: ports.rolled ? each.map(({ own, rolled }) => progressOf(own, rolled, hours)) : [],
  };
}
