// Roll-ups: what the standard panels say of each closed local hour, day and month, as finished counts in D1. Rolling a
// bucket again writes its full values with a higher version, so repeats and crashes do no harm. Hours first, then the days
// that they lie in, then months, which are made of their days.
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { bodiesOf } from "../../workers/analyses/rolled/body.ts";
import { STANDARD_PANELS, TOTALS } from "../../workers/catalog/standard-panels.ts";
import { partsOf } from "../../workers/domain/rollup.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { hasRollup, writeRollups } from "../../workers/store/rollups.ts";
import type { ArchivedFiles } from "./archived-files.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import { bucketOf, bucketsTouched, daysAfter, HOUR_MS, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import type { RollState } from "./roll-state.ts";
import { originOf, PATIENCE_MS, type RolledBucket, type RolledPanelsPorts, rolledPanels } from "./rolled-panels.ts";

/** A turn of the alarm rolls at most this many hours or days up, and leaves the rest for the next: events wait to be copied. */
const HOURS_A_TURN = 48;
const DAYS_A_TURN = 2;

export interface RollUpPorts extends RolledPanelsPorts {
  dirty: DirtyHours;
  state: RollState;
  archived: Pick<ArchivedFiles, "isGone" | "isAway">;
  /** Buckets that ended before this are closed. */
  until: number;
}

/** Writes all panels; nothing where there is nothing and was nothing. */
async function write(
  { grain, start, end }: RolledBucket,
  rolled: readonly Rolled[],
  ports: RollUpPorts,
): Promise<void> {
  // Events of it were removed: what was told of them stays. A month is made of what its days tell.
  if (grain !== "month" && ports.archived.isGone({ from: start, to: end })) return;
  const origin = originOf(ports.of);
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

async function rollDay(day: RolledBucket, ports: RollUpPorts): Promise<void> {
  const { state } = ports;
  const { rolled, lasts } = await rolledPanels(day, ports);
  await write(day, rolled, ports);
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
      const bucket: RolledBucket = { ...hour, grain: "hour" };
      await write(bucket, (await rolledPanels(bucket, ports)).rolled, ports);
    }
    const days = bucketsTouched(hours, null, "day", of.timeZone).map(({ start }) => start);
    markDays(days, ports);
    dirty.settle(hours);
  } catch (error) {
    dirty.giveBack(hours);
    throw error;
  }
}

function closedDays({ state, of, until }: RollUpPorts): RolledBucket[] {
  return state.days
    .all()
    .map((start): RolledBucket => ({ grain: "day", start, end: bucketOf(start, "day", of.timeZone).end }))
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
    const month: RolledBucket = { grain: "month", start, end };
    await write(month, (await rolledPanels(month, ports)).rolled, ports);
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
