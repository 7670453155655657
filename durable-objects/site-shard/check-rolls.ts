// Roll-ups in D1 against what the events say now. What differs is marked, so that the shard rolls it up again; what D1 tells
// of events that are gone here stays as it is.
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { STANDARD_PANELS, TOTALS } from "../../workers/catalog/standard-panels.ts";
import { bodiesByBucket, type RolledGrain } from "../../workers/domain/rollup.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { readRollups, toldBefore } from "../../workers/store/rollups.ts";
import type { RollCheck } from "./protocol.ts";
import { bucketOf, bucketsTouched, daysAfter, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import { type RollUpPorts, uncertainDays } from "./roll-up.ts";
import { originOf, PATIENCE_MS, type RolledBucket, rolledPanels } from "./rolled-panels.ts";

const DAY_MS = 24 * 3600_000;
/** Each is a scan; the day and the month that end with them are two more. */
const HOURS_A_CHECK = 6;

/** Nothing was looked at. */
export const NO_CHECK: RollCheck = { through: null, checked: 0, differing: 0, kept: 0 };

/**
 * From when on the events are all there, with those that a day looks back on. Roll-ups of before the first event tell that
 * older ones were here and are gone; the day they were cut off on is no longer whole.
 */
async function wholeSince({ source, state, db, of, until }: RollUpPorts): Promise<number | null> {
  const { timeZone } = of;
  const first = bucketOf(source.earliest, "day", timeZone).start;
  const nothing = bodiesOf({ rows: [], lasting: 0 })[0]!;
  const older = toldBefore(db, originOf(of), { grain: "day", panel: TOTALS, bucket: first, nothing });
  if (!(await withPatience(older, PATIENCE_MS, "a look at the roll-ups"))) return first;
  const days = (state.lasting ? LOOK_BACK_DAYS : 1) + 1;
  return daysAfter(first, { days, until, timeZone })[days - 1] ?? null;
}

/** The next hours of one day that are closed, and the day and month that end with the last of them. */
function nextBuckets(from: number, { of: { timeZone }, until }: RollUpPorts): RolledBucket[] {
  const day = bucketOf(from, "day", timeZone);
  const hours = bucketsTouched([from], day.end, "hour", timeZone).filter(({ start }) => start >= from);
  const closed = hours.slice(0, HOURS_A_CHECK).filter(({ end }) => end <= until);
  const last = closed.at(-1)?.end;
  const month = bucketOf(from, "month", timeZone);
  return [
    ...closed.map((hour) => ({ ...hour, grain: "hour" as const })),
    ...(last === day.end ? [{ ...day, grain: "day" as const }] : []),
    ...(last === month.end ? [{ ...month, grain: "month" as const }] : []),
  ];
}

/** Whether it is to be rolled up in any case. */
function waits({ grain, start, end }: RolledBucket, { dirty, state, of }: RollUpPorts): boolean {
  if (grain === "hour")
    return bucketsTouched(dirty.pending(), null, "hour", of.timeZone).some((one) => one.start === start);
  const days = uncertainDays({ dirty, state, timeZone: of.timeZone });
  if (grain === "day") return days.includes(start);
  return state.months.all().includes(start) || days.some((day) => day >= start && day < end);
}

const sorted = (counts: Record<string, number> = {}) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));

/** Rows come in the order in which they were met, which says nothing. */
function textOf(rolled: readonly Rolled[]): string {
  const rows = rolled.flatMap((one) => one.rows);
  const texts = rows.map(({ key, counts, again, revenue }) =>
    JSON.stringify([key, counts, sorted(again), sorted(revenue)]),
  );
  return JSON.stringify([rolled.reduce((sum, { lasting }) => sum + lasting, 0), texts.sort()]);
}

type Stored = (grain: RolledGrain, bucket: number, panel: string) => Rolled[];

async function storedOf(buckets: readonly RolledBucket[], { db, of }: RollUpPorts): Promise<Stored> {
  const panels = STANDARD_PANELS.map(({ panel }) => panel);
  const reads = buckets.map(({ grain, start }) => ({ grain, from: start, to: start + 1, panels }));
  const { rows } = await withPatience(readRollups(db, originOf(of), reads), PATIENCE_MS, "reading roll-ups");
  const bodies = bodiesByBucket(rows);
  return (grain, bucket, panel) => bodies(grain, bucket, panel).map(rolledFrom);
}

type Finding = "same" | "differs" | "gone";

async function compare(bucket: RolledBucket, stored: Stored, ports: RollUpPorts): Promise<Finding> {
  const { rolled, gone } = await rolledPanels(bucket, ports);
  const had = STANDARD_PANELS.map(({ panel }) => stored(bucket.grain, bucket.start, panel));
  if (rolled.every((now, place) => textOf([now]) === textOf(had[place]!))) return "same";
  return gone ? "gone" : "differs";
}

/** Whether events of it, or of days that it looks back on, were removed or lie in the archive. */
function looksAway({ grain, start, end }: RolledBucket, { archived, state }: RollUpPorts): boolean {
  const lookBack = grain === "hour" ? 0 : (state.lasting ? LOOK_BACK_DAYS : 1) + 1;
  return archived.isAway({ from: start - lookBack * DAY_MS, to: end });
}

function mark({ grain, start, end }: RolledBucket, { dirty, state }: RollUpPorts): void {
  if (grain === "hour") dirty.mark({ start, at: end - 1 });
  if (grain === "day") state.days.add([start]);
  if (grain === "month") state.months.add([start]);
  dirty.store();
}

/** Looks at the closed buckets that follow `after`, from the first again after the last. In turn with roll-ups. */
export async function checkRolls(ports: RollUpPorts, after: number | null): Promise<RollCheck> {
  const { source, state, of, until } = ports;
  if (!Number.isFinite(source.earliest) || state.isOutdated(of.timeZone)) return NO_CHECK;
  const since = await wholeSince(ports);
  if (since === null || since >= until) return NO_CHECK;
  const buckets = nextBuckets(Math.max(since, after ?? since), ports);
  const last = buckets.findLast(({ grain }) => grain === "hour");
  if (!last) return NO_CHECK;
  const check: RollCheck = { ...NO_CHECK, through: last.end };
  const stored = await storedOf(buckets, ports);
  for (const bucket of buckets) {
    if (waits(bucket, ports)) continue;
    if (looksAway(bucket, ports)) {
      check.checked++;
      check.kept++;
      continue;
    }
    const finding = await compare(bucket, stored, ports);
    // Events that came meanwhile have marked it by themselves.
    if (waits(bucket, ports)) continue;
    check.checked++;
    if (finding === "gone") check.kept++;
    if (finding !== "differs") continue;
    check.differing++;
    mark(bucket, ports);
  }
  return check;
}
