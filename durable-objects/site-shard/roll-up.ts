// Roll-ups: what the standard panels say of each closed local hour and day, as finished counts in D1. Rolling an hour
// again writes its full values with a higher version, so repeats and crashes do no harm.
import { analyses } from "../../workers/analyses/index.ts";
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import { bucketsOf } from "../../workers/domain/period.ts";
import { type BatchSource, scan } from "../../workers/engine/scan.ts";
import { type RollupRow, writeRollups } from "../../workers/store/rollups.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardIdentity } from "./protocol.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** A turn of the alarm rolls at most this many hours up, and leaves the rest for the next. */
const HOURS_A_TURN = 240;

interface Bucket {
  grain: "hour" | "day";
  start: number;
  end: number;
}

export interface RollUpPorts {
  source: BatchSource;
  dirty: DirtyHours;
  /** Starts of days that had events and were still open at the last turn. */
  days: { read(): number[]; write(starts: number[]): void };
  db: D1Database;
  of: ShardIdentity;
  /** Hours that ended before this are closed. */
  until: number;
  pause: () => Promise<void>;
}

/** The local hours or days that overlap any of the UTC hours, each once. */
function bucketsTouched(hours: readonly number[], grain: Bucket["grain"], timeZone: string): Bucket[] {
  const found = new Map<number, Bucket>();
  for (const hour of hours) {
    const span = grain === "hour" ? 2 * HOUR_MS : 3 * DAY_MS;
    const buckets = bucketsOf(hour, hour + HOUR_MS + span, grain, timeZone);
    for (const [i, { start }] of buckets.entries()) {
      const end = buckets[i + 1]?.start;
      if (end === undefined || start >= hour + HOUR_MS) break;
      found.set(start, { grain, start, end });
    }
  }
  return [...found.values()];
}

/** When the last of the local hours or days that overlap the UTC hour ends, milliseconds UTC. */
export function closeOf(hour: number, grain: Bucket["grain"], timeZone: string): number {
  return Math.max(...bucketsTouched([hour], grain, timeZone).map(({ end }) => end));
}

async function rowsOf(bucket: Bucket, version: number, { source, of, pause }: RollUpPorts): Promise<RollupRow[]> {
  const period = { from: bucket.start, to: bucket.end, timeZone: of.timeZone, filters: [] };
  const requests = STANDARD_PANELS.map(({ analysis, params }) => ({ ...period, analysis, params }));
  const { partials } = await scan(source, requests, { analyses, pause });
  return STANDARD_PANELS.map(({ panel }, i) => ({
    grain: bucket.grain,
    bucket: bucket.start,
    panel,
    version,
    body: JSON.stringify(partials[i]),
  }));
}

/** Rolls up what is due; what is still open stays marked. */
export async function rollUp(ports: RollUpPorts): Promise<void> {
  const { dirty, days, db, of, until } = ports;
  // In zones of 30 and 45 minutes an hour of UTC lies in two local ones; both must be over.
  const closed = (hour: number) => closeOf(hour, "hour", of.timeZone) <= until;
  const hours = dirty.due(until).slice(0, HOURS_A_TURN).filter(closed);
  dirty.take(hours);
  try {
    const touched = bucketsTouched([...hours, ...days.read()], "day", of.timeZone);
    const open = touched.filter((day) => day.end > until);
    const buckets = [...bucketsTouched(hours, "hour", of.timeZone), ...touched.filter((day) => day.end <= until)];
    const version = Date.now();
    const from = { siteId: of.siteId, epoch: of.epoch, shard: of.shard, timeZone: of.timeZone };
    for (const bucket of buckets) await writeRollups(db, from, await rowsOf(bucket, version, ports));
    days.write(open.map((day) => day.start));
    dirty.settle(hours);
  } catch (error) {
    dirty.giveBack(hours);
    throw error;
  }
}
