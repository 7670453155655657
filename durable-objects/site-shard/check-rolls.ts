// Roll-ups in D1 against what the events say now. What differs is marked, so that the shard rolls it up again; what D1 tells
// of events that are gone here stays as it is.
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { STANDARD_PANELS, TOTALS } from "../../workers/catalog/standard-panels.ts";
import { bodiesByBucket, type RollDifference, type RolledGrain, type RollupRead } from "../../workers/domain/rollup.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { readRollups, toldBefore } from "../../workers/store/rollups.ts";
import { type CheckedRolls, digestOf } from "./checked-rolls.ts";
import type { RollCheck } from "./protocol.ts";
import { bucketOf, bucketsTouched, daysAfter, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import { differenceOf } from "./roll-difference.ts";
import { type RollUpPorts, uncertainDays } from "./roll-up.ts";
import { originOf, PATIENCE_MS, type RolledBucket, rolledPanels } from "./rolled-panels.ts";

const DAY_MS = 24 * 3600_000;
/** Each is a scan; the day and the month that end with them are two more. */
const HOURS_A_CHECK = 6;
/** As far back as live counts are compared. */
const RECENT_MS = 47 * 3600_000;
const MOST_TOLD = 100;

/** Nothing was looked at. */
export const NO_CHECK: RollCheck = { through: null, checked: 0, differing: 0, kept: 0, differences: [] };

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
export function waits({ grain, start, end }: RolledBucket, { dirty, state, of }: RollUpPorts): boolean {
  if (grain === "hour")
    return bucketsTouched(dirty.pending(), null, "hour", of.timeZone).some((one) => one.start === start);
  const days = uncertainDays({ dirty, state, timeZone: of.timeZone });
  if (grain === "day") return days.includes(start);
  return state.months.all().includes(start) || days.some((day) => day >= start && day < end);
}

type Stored = (grain: RolledGrain, bucket: number, panel: string) => string[];

const PANELS = STANDARD_PANELS.map(({ panel }) => panel);

/** One read for those that follow one another. */
export async function storedOf(buckets: readonly RolledBucket[], { db, of }: RollUpPorts): Promise<Stored> {
  const reads: RollupRead[] = [];
  let before: RolledBucket | null = null;
  for (const bucket of buckets) {
    const { grain, start } = bucket;
    const last = reads.at(-1);
    if (last && before?.grain === grain && before.end === start) last.to = start + 1;
    else reads.push({ grain, from: start, to: start + 1, panels: PANELS });
    before = bucket;
  }
  const { rows } = await withPatience(readRollups(db, originOf(of), reads), PATIENCE_MS, "reading roll-ups");
  return bodiesByBucket(rows);
}

async function compare({ grain, start, end }: RolledBucket, stored: Stored, ports: RollUpPorts) {
  const { rolled, gone } = await rolledPanels({ grain, start, end }, ports);
  const panels = PANELS.flatMap((panel, place) => {
    const had = stored(grain, start, panel).map(rolledFrom);
    return differenceOf(panel, had, rolled[place]!) ?? [];
  });
  return { gone, difference: { grain, start, end, panels } };
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

/** A month is made of its days: while one of them is wrong it cannot be judged. */
const isJudged = ({ grain, start, end }: RolledBucket, found: readonly RollDifference[]): boolean =>
  grain !== "month" || !found.some((one) => one.grain === "day" && one.start >= start && one.start < end);

/** Hours before days before months. What differs is marked when all were looked at, so that one does not hide another. */
export async function inspect(
  buckets: readonly RolledBucket[],
  stored: Stored,
  ports: RollUpPorts,
): Promise<{ check: RollCheck; right: RolledBucket[] }> {
  const check: RollCheck = { ...NO_CHECK, differences: [] };
  const right: RolledBucket[] = [];
  const differing: RollDifference[] = [];
  for (const bucket of buckets) {
    if (waits(bucket, ports) || !isJudged(bucket, differing)) continue;
    if (looksAway(bucket, ports)) {
      check.checked++;
      check.kept++;
      continue;
    }
    const { gone, difference } = await compare(bucket, stored, ports);
    // Events that came meanwhile have marked it by themselves.
    if (waits(bucket, ports)) continue;
    check.checked++;
    if (difference.panels.length === 0) right.push(bucket);
    else if (gone) check.kept++;
    else differing.push(difference);
  }
  for (const one of differing) mark(one, ports);
  return { check: { ...check, differing: differing.length, differences: differing.slice(0, MOST_TOLD) }, right };
}

/** From when on roll-ups can be compared; null where they cannot. */
export async function comparedSince(ports: RollUpPorts): Promise<number | null> {
  const { source, state, of, until } = ports;
  if (!Number.isFinite(source.earliest) || state.isOutdated(of.timeZone)) return null;
  const since = await wholeSince(ports);
  return since === null || since >= until ? null : since;
}

/** Looks at the closed buckets that follow `after`, from the first again after the last. In turn with roll-ups. */
export async function checkRolls(ports: RollUpPorts, after: number | null): Promise<RollCheck> {
  const since = await comparedSince(ports);
  if (since === null) return NO_CHECK;
  const buckets = nextBuckets(Math.max(since, after ?? since), ports);
  const last = buckets.findLast(({ grain }) => grain === "hour");
  if (!last) return NO_CHECK;
  const { check } = await inspect(buckets, await storedOf(buckets, ports), ports);
  return { ...check, through: last.end };
}

/** All closed buckets that ended lately. */
function recentBuckets(since: number, { of: { timeZone }, until }: RollUpPorts): RolledBucket[] {
  const from = Math.max(since, until - RECENT_MS);
  return (["hour", "day", "month"] as const).flatMap((grain) =>
    bucketsTouched([bucketOf(from, grain, timeZone).start], until, grain, timeZone)
      .filter(({ start, end }) => (grain === "month" || start >= since) && end > from && end <= until)
      .map((bucket) => ({ ...bucket, grain })),
  );
}

/** Reads again only the events of buckets of which D1 does not say what it said when they were right. */
export async function checkRecentRolls(ports: RollUpPorts, checked: CheckedRolls): Promise<RollCheck> {
  const since = await comparedSince(ports);
  const buckets = since === null ? [] : recentBuckets(since, ports);
  if (buckets.length === 0) return NO_CHECK;
  const stored = await storedOf(buckets, ports);
  const digests = await Promise.all(
    buckets.map(async (bucket) => {
      const digest = await digestOf(PANELS.map((panel) => stored(bucket.grain, bucket.start, panel)));
      return { bucket, digest, known: checked.isRight(bucket.grain, bucket.start, digest) };
    }),
  );
  const asked = digests.flatMap(({ bucket, known }) => (known ? [] : [bucket]));
  const { check, right } = await inspect(asked, stored, ports);
  checked.keep(
    digests.flatMap(({ bucket, digest, known }) => (known || right.includes(bucket) ? [{ ...bucket, digest }] : [])),
  );
  return check;
}
