import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import { bucketsTouched, dayStartsBefore, LOOK_BACK_DAYS } from "../../durable-objects/site-shard/roll-calendar.ts";
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { rollUpRequest } from "../../workers/analyses/rolled/request.ts";
import { rolledRun } from "../../workers/analyses/rolled/run.ts";
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import type { Period } from "../../workers/domain/period.ts";
import { partsOf, type RolledGrain, type StoredRollup } from "../../workers/domain/rollup.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import type { RolledPorts } from "../../workers/query/gather.ts";
import { scanAll } from "./shards.ts";

interface Rolling {
  sources: readonly BatchSource[];
  timeZone: string;
  /** What is rolled up; milliseconds. */
  from: number;
  to: number;
}

async function panelsOf(
  source: BatchSource,
  bucket: { start: number; end: number },
  timeZone: string,
  dayStarts: number[],
) {
  const span = { from: bucket.start, to: bucket.end, timeZone, dayStarts };
  const requests = STANDARD_PANELS.map((panel) => rollUpRequest(panel, span));
  return (await scanAll(source, requests)).partials as Rolled[]; // what that analysis makes
}

/** The rows that a shard writes, made by its own parts. */
async function rollAll({ sources, timeZone, from, to }: Rolling): Promise<StoredRollup[]> {
  const rows: StoredRollup[] = [];
  const write = (shard: number, grain: RolledGrain, bucket: number, rolled: readonly Rolled[]) => {
    STANDARD_PANELS.forEach(({ panel }, index) => {
      const row = { grain, bucket, panel, version: 1 };
      rows.push(...partsOf(row, bodiesOf(rolled[index]!)).map((part) => ({ ...part, shard })));
    });
  };
  for (const [shard, source] of sources.entries()) {
    for (const hour of bucketsTouched([from], to, "hour", timeZone)) {
      write(shard, "hour", hour.start, await panelsOf(source, hour, timeZone, []));
    }
    const days = bucketsTouched([from], to, "day", timeZone);
    const rolled = new Map<number, Rolled[]>();
    for (const day of days) {
      const dayStarts = dayStartsBefore(day.start, LOOK_BACK_DAYS, timeZone);
      rolled.set(day.start, await panelsOf(source, day, timeZone, dayStarts));
      write(shard, "day", day.start, rolled.get(day.start)!);
    }
    for (const month of bucketsTouched([from], to, "month", timeZone)) {
      const own = days.filter(({ start }) => start >= month.start && start < month.end);
      const first = Math.round((own[0]!.start - month.start) / 86_400_000);
      const panels = STANDARD_PANELS.map((_, index) =>
        rolledRun(
          own.map(({ start }, day) => ({
            rolled: rolledFrom(bodiesOf(rolled.get(start)![index]!)[0]!),
            day: first + day,
          })),
          0,
        ),
      );
      write(shard, "month", month.start, panels);
    }
  }
  return rows;
}

export interface StandingFields {
  closedUntil: number;
  hours?: number[];
  days?: number[];
  lasting?: boolean;
  heldSince?: number | null;
  imported?: Period[];
  versions?: string[];
  /** Rows that are not there. */
  isMissing?: (row: StoredRollup) => boolean;
}

/** Roll-ups of everything, of which the given ones are not to be trusted. */
export async function rolledPortsOf(
  rolling: Rolling,
  { isMissing = () => false, ...standing }: StandingFields,
): Promise<RolledPorts> {
  const rows = await rollAll(rolling);
  const unsure = { hour: new Set(standing.hours), day: new Set(standing.days), month: new Set<number>() };
  // What is not to be trusted is wrong, so that reading it shows.
  const stored = rows.map((row) =>
    unsure[row.grain].has(row.bucket) ? { ...row, body: bodiesOf({ rows: [], lasting: 0 })[0]! } : row,
  );
  return {
    async standing(): Promise<ShardStanding> {
      const none = { hours: [], days: [], months: [], versions: [], imported: [] };
      return { ...none, lasting: true, heldSince: rolling.from, rolls: 1, ...standing };
    },
    async read(reads) {
      const found = stored
        .filter((row) => !isMissing(row))
        .filter(({ grain, bucket, panel }) =>
          reads.some((read) => {
            const own = read.panels.some((name) => panel === name || panel.startsWith(`${name}#`));
            return own && read.grain === grain && bucket >= read.from && bucket < read.to;
          }),
        );
      return { rows: found, rowsRead: found.length };
    },
  };
}
