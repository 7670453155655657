// What the standard panels say of an hour, a day or a month, counted anew: hours and days from the events, months from the
// days in D1.
import { analyses } from "../../workers/analyses/index.ts";
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { rollUpRequest } from "../../workers/analyses/rolled/request.ts";
import { rolledRun } from "../../workers/analyses/rolled/run.ts";
import { STANDARD_PANELS, type StandardPanel } from "../../workers/catalog/standard-panels.ts";
import { bodiesByBucket, type RolledGrain } from "../../workers/domain/rollup.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { type BatchSource, scan } from "../../workers/engine/scan.ts";
import { type RollupOrigin, readRollups } from "../../workers/store/rollups.ts";
import { type ErasedRolls, rolledPlus } from "./erased-rolls.ts";
import type { ShardIdentity } from "./protocol.ts";
import { bucketsTouched, dayStartsBefore, LOOK_BACK_DAYS } from "./roll-calendar.ts";

/** D1 may be away for good: then the turn ends and begins again. */
export const PATIENCE_MS = 30_000;

export interface RolledBucket {
  grain: RolledGrain;
  start: number;
  end: number;
}

export interface RolledPanelsPorts {
  source: BatchSource;
  db: D1Database;
  of: ShardIdentity;
  pause: () => Promise<void>;
  /** What erased persons had brought, which is counted on. */
  erased: Pick<ErasedRolls, "of">;
}

export const originOf = ({ siteId, epoch, shard, timeZone }: ShardIdentity): RollupOrigin => ({
  siteId,
  epoch,
  shard,
  timeZone,
});

interface Asked {
  panels: readonly Omit<StandardPanel, "panel">[];
  dayStarts: readonly number[];
}

type EventPorts = Omit<RolledPanelsPorts, "erased">;

async function fromEvents(
  { start, end }: RolledBucket,
  { panels, dayStarts }: Asked,
  { source, of, pause }: EventPorts,
): Promise<Rolled[]> {
  const span = { from: start, to: end, timeZone: of.timeZone, dayStarts };
  const requests = panels.map((panel) => rollUpRequest(panel, span));
  const { partials } = await scan(source, requests, { analyses, pause });
  return partials as Rolled[]; // what that analysis makes
}

/** A list in the order of the standard panels, and whether some of the bucket's visitors have ids that last. */
interface Panels {
  rolled: Rolled[];
  lasts: boolean;
}

/** Of an hour or a day as if ids lasted, whether or not any of them does: what is told of those that do not is the same. */
export function rolledWith(bucket: RolledBucket, ports: EventPorts): Promise<Rolled[]> {
  const { grain, start } = bucket;
  const dayStarts = grain === "day" ? dayStartsBefore(start, LOOK_BACK_DAYS, ports.of.timeZone) : [];
  return fromEvents(bucket, { panels: STANDARD_PANELS, dayStarts }, ports);
}

/** Looks a month back where that tells anything: without ids that last, only sessions over midnight come again. */
async function dayPanels(day: RolledBucket, ports: EventPorts): Promise<Panels> {
  const [totals] = await fromEvents(day, { panels: [{ dimension: null, filters: [] }], dayStarts: [] }, ports);
  const lasts = totals!.lasting > 0;
  const dayStarts = dayStartsBefore(day.start, lasts ? LOOK_BACK_DAYS : 1, ports.of.timeZone);
  return { rolled: await fromEvents(day, { panels: STANDARD_PANELS, dayStarts }, ports), lasts };
}

async function monthPanels(month: RolledBucket, { db, of }: RolledPanelsPorts): Promise<Panels> {
  const days = bucketsTouched([month.start], month.end, "day", of.timeZone);
  const panels = STANDARD_PANELS.map(({ panel }) => panel);
  const read = { grain: "day", from: month.start, to: month.end, panels } as const;
  const { rows } = await withPatience(readRollups(db, originOf(of), [read]), PATIENCE_MS, "reading roll-ups");
  const stored = bodiesByBucket(rows);
  const rolled = panels.map((panel) => {
    const parts = days.flatMap(({ start }, day) =>
      stored("day", start, panel).map((body) => ({ rolled: rolledFrom(body), day })),
    );
    return rolledRun(parts, 0);
  });
  return { rolled, lasts: false };
}

async function panelsOf(bucket: RolledBucket, ports: RolledPanelsPorts): Promise<Panels> {
  if (bucket.grain === "day") return dayPanels(bucket, ports);
  if (bucket.grain === "month") return monthPanels(bucket, ports);
  return { rolled: await fromEvents(bucket, { panels: STANDARD_PANELS, dayStarts: [] }, ports), lasts: false };
}

/** `gone`: there are no events of it. */
export async function rolledPanels(
  bucket: RolledBucket,
  ports: RolledPanelsPorts,
): Promise<Panels & { gone: boolean }> {
  const panels = await panelsOf(bucket, ports);
  const gone = panels.rolled.every(({ rows }) => rows.length === 0);
  // Months are made of days, which have it.
  const erased = bucket.grain === "month" ? undefined : ports.erased.of(bucket.grain, bucket.start, ports.of.timeZone);
  if (!erased) return { ...panels, gone };
  return { ...panels, gone, rolled: panels.rolled.map((own, place) => rolledPlus(own, erased[place]!)) };
}
