// Roll-ups: what the standard panels say of each closed local hour, day and month, as finished counts in D1. Rolling a
// bucket again writes its full values with a higher version, so repeats and crashes do no harm. Hours first, then the days
// that they lie in, then months, which are made of their days.
import { analyses } from "../../workers/analyses/index.ts";
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { rolledRun } from "../../workers/analyses/rolled/run.ts";
import { STANDARD_PANELS, TOTALS } from "../../workers/catalog/standard-panels.ts";
import { bodiesByBucket, partsOf, type RolledGrain } from "../../workers/domain/rollup.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { type BatchSource, scan } from "../../workers/engine/scan.ts";
import { hasRollup, type RollupOrigin, readRollups, writeRollups } from "../../workers/store/rollups.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardIdentity } from "./protocol.ts";
import { bucketOf, bucketsTouched, dayStartsBefore, daysAfter, HOUR_MS, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import type { RollState } from "./roll-state.ts";

/** A turn of the alarm rolls at most this many hours or days up, and leaves the rest for the next: events wait to be copied. */
const HOURS_A_TURN = 48;
const DAYS_A_TURN = 2;
/** D1 may be away for good: then the turn ends and begins again. */
const PATIENCE_MS = 30_000;

export interface RollUpPorts {
  source: BatchSource;
  dirty: DirtyHours;
  state: RollState;
  db: D1Database;
  of: ShardIdentity;
  /** Buckets that ended before this are closed. */
  until: number;
  pause: () => Promise<void>;
}

interface Bucket {
  grain: RolledGrain;
  start: number;
  end: number;
}

const originOf = ({ of }: RollUpPorts): RollupOrigin => ({
  siteId: of.siteId,
  epoch: of.epoch,
  shard: of.shard,
  timeZone: of.timeZone,
});

interface Asked {
  panels: readonly { panel: string; dimension: string | null }[];
  dayStarts: readonly number[];
}

async function rolledPanels(
  { start, end }: Bucket,
  { panels, dayStarts }: Asked,
  ports: RollUpPorts,
): Promise<Rolled[]> {
  const { source, of, pause } = ports;
  const lookBack = dayStarts.length > 1 ? start - dayStarts[0]! : 0;
  const period = { from: start, to: end, timeZone: of.timeZone, filters: [], lookBack };
  const requests = panels.map(({ dimension }) => ({
    ...period,
    analysis: "rollUp",
    params: { dimension, dayStarts: [...dayStarts] },
  }));
  const { partials } = await scan(source, requests, { analyses, pause });
  return partials as Rolled[]; // what that analysis makes
}

/** Writes all panels; nothing where there is nothing and was nothing. */
async function write({ grain, start }: Bucket, rolled: readonly Rolled[], ports: RollUpPorts): Promise<void> {
  const origin = originOf(ports);
  const isEmpty = rolled.every(({ rows }) => rows.length === 0);
  if (isEmpty) {
    const before = hasRollup(ports.db, origin, { grain, bucket: start, panel: TOTALS });
    if (!(await withPatience(before, PATIENCE_MS, "a look at the roll-ups"))) return;
  }
  const version = Date.now();
  const rows = STANDARD_PANELS.flatMap(({ panel }, index) =>
    partsOf({ grain, bucket: start, panel, version }, bodiesOf(rolled[index]!)),
  );
  await withPatience(writeRollups(ports.db, origin, rows), PATIENCE_MS, "the roll-up's way to D1");
  ports.state.version++;
}

async function rollHour(hour: Bucket, ports: RollUpPorts): Promise<void> {
  await write(hour, await rolledPanels(hour, { panels: STANDARD_PANELS, dayStarts: [] }, ports), ports);
}

/** Looks a month back where that tells anything: without ids that last, only sessions over midnight come again. */
async function rollDay(day: Bucket, ports: RollUpPorts): Promise<void> {
  const { state, of } = ports;
  const [totals] = await rolledPanels(day, { panels: [{ panel: TOTALS, dimension: null }], dayStarts: [] }, ports);
  const lasts = totals!.lasting > 0;
  const dayStarts = dayStartsBefore(day.start, lasts ? LOOK_BACK_DAYS : 1, of.timeZone);
  await write(day, await rolledPanels(day, { panels: STANDARD_PANELS, dayStarts }, ports), ports);
  if (!lasts || state.lasting) return;
  state.lasting = true;
  markDays([day.start], ports);
}

/** The days wait, and those after them on which their visitors may have come again. */
function markDays(starts: readonly number[], { state, of, until }: RollUpPorts): void {
  const after = state.lasting ? LOOK_BACK_DAYS : 1;
  state.days.add(
    starts.flatMap((start) => [start, ...daysAfter(start, { days: after, until, timeZone: of.timeZone })]),
  );
}

async function rollMonth(month: Bucket, ports: RollUpPorts): Promise<void> {
  const { db, of } = ports;
  const days = bucketsTouched([month.start], month.end, "day", of.timeZone);
  const panels = STANDARD_PANELS.map(({ panel }) => panel);
  const origin = originOf(ports);
  const read = { grain: "day", from: month.start, to: month.end, panels } as const;
  const { rows } = await withPatience(readRollups(db, origin, [read]), PATIENCE_MS, "reading roll-ups");
  const stored = bodiesByBucket(rows);
  const rolled = panels.map((panel) => {
    const parts = days.flatMap(({ start }, day) =>
      stored("day", start, panel).map((body) => ({ rolled: rolledFrom(body), day })),
    );
    return rolledRun(parts, 0);
  });
  await write(month, rolled, ports);
}

/** In zones of 30 and 45 minutes an hour of UTC lies in two local ones; both must be over. */
function closedHours({ dirty, of, until }: RollUpPorts): number[] {
  return dirty
    .due(until)
    .filter((hour) => bucketsTouched([hour], hour + HOUR_MS, "hour", of.timeZone).at(-1)!.end <= until);
}

async function rollHours(ports: RollUpPorts): Promise<void> {
  const { dirty, of } = ports;
  const hours = closedHours(ports).slice(0, HOURS_A_TURN);
  if (hours.length === 0) return;
  dirty.take(hours);
  try {
    for (const hour of bucketsTouched(hours, null, "hour", of.timeZone)) {
      await rollHour({ ...hour, grain: "hour" }, ports);
    }
    const days = bucketsTouched(hours, null, "day", of.timeZone).map(({ start }) => start);
    markDays(days, ports);
    dirty.settle(hours);
  } catch (error) {
    dirty.giveBack(hours);
    throw error;
  }
}

function closedDays({ state, of, until }: RollUpPorts): Bucket[] {
  return state.days
    .all()
    .map((start): Bucket => ({ grain: "day", start, end: bucketOf(start, "day", of.timeZone).end }))
    .filter(({ end }) => end <= until);
}

async function rollDays(ports: RollUpPorts): Promise<void> {
  const { state, of } = ports;
  for (const day of closedDays(ports).slice(0, DAYS_A_TURN)) {
    await rollDay(day, ports);
    state.months.add([bucketOf(day.start, "month", of.timeZone).start]);
    // What came meanwhile has marked its hours, and they will mark the day again.
    state.days.remove(day.start);
  }
}

async function rollMonths(ports: RollUpPorts): Promise<void> {
  const { state, of, until } = ports;
  for (const start of state.months.all()) {
    const { end } = bucketOf(start, "month", of.timeZone);
    if (end > until || state.days.all().some((day) => day >= start && day < end)) continue;
    await rollMonth({ grain: "month", start, end }, ports);
    state.months.remove(start);
  }
}

/** Everything the shard holds waits anew. */
function renew({ source, dirty, state, of }: RollUpPorts): void {
  state.days.clear();
  state.months.clear();
  if (Number.isFinite(source.earliest)) dirty.mark({ start: source.earliest, at: source.latest });
  dirty.store();
  state.renew(of.timeZone);
}

/** When the next is due that time alone makes due, or null; months wait for whatever comes next. */
export function nextRollUp({ dirty, state, timeZone }: Pick<RollUpPorts, "dirty" | "state"> & { timeZone: string }) {
  // Local hours close in the order of the UTC hours, so the first tells.
  const hour = dirty.due(Number.POSITIVE_INFINITY)[0];
  const day = state.days.all()[0];
  const ends = [
    ...(hour === undefined ? [] : [bucketsTouched([hour], hour + HOUR_MS, "hour", timeZone).at(-1)!.end]),
    ...(day === undefined ? [] : [bucketOf(day, "day", timeZone).end]),
  ];
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** Days whose roll-ups may not say all: those that wait, and those that hours which wait will make wait. */
export function uncertainDays({ dirty, state, timeZone }: Pick<RollUpPorts, "dirty" | "state"> & { timeZone: string }) {
  const touched = bucketsTouched(dirty.pending(), null, "day", timeZone).map(({ start }) => start);
  const days = state.lasting ? LOOK_BACK_DAYS : 1;
  const after = touched.flatMap((start) => daysAfter(start, { days, until: Number.POSITIVE_INFINITY, timeZone }));
  return [...new Set([...state.days.all(), ...touched, ...after])];
}

/** Rolls up what is due; what is still open stays marked. True when more may be due. */
export async function rollUp(ports: RollUpPorts): Promise<boolean> {
  const { state, of } = ports;
  if (state.isOutdated(of.timeZone)) renew(ports);
  else state.renew(of.timeZone);
  await rollHours(ports);
  if (closedHours(ports).length > 0) return true;
  await rollDays(ports);
  if (closedDays(ports).length > 0) return true;
  await rollMonths(ports);
  return false;
}
