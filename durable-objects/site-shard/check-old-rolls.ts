// Roll-ups of any age, every time: a few figures of each day and month are read, and only what cannot be right is compared
// with the events. The round of `checkRolls` finds what no figure shows.
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import { withPatience } from "../../workers/domain/with-patience.ts";
import { readRollSums } from "../../workers/store/roll-sums.ts";
import { comparedSince, inspect, NO_CHECK, storedOf, waits } from "./check-rolls.ts";
import type { RollCheck } from "./protocol.ts";
import { bucketOf, bucketsTouched, DAY_MS, HOUR_MS } from "./roll-calendar.ts";
import type { RollUpPorts } from "./roll-up.ts";
import { originOf, PATIENCE_MS } from "./rolled-panels.ts";
import { type KnownSums, type LookedAt, lookAtSums } from "./suspect-rolls.ts";
import { readFact, writeFact } from "./tables.ts";

const PANELS = STANDARD_PANELS.map(({ panel }) => panel);
/** What ended later is compared by all that it says; a day more, so that no hour lies between. */
const RECENT_MS = 23 * HOUR_MS;
/** A look at as many costs some 35,000 rows of D1: each hour, a sixth of what the free plan gives a day. */
const MOST_DAYS = 400;
/** The last of them are counted by their hours every time, and as many of those before in turn. */
const DAYS_BY_HOUR = 60;
/** Each is a scan; two days with all their hours. */
const MOST_SUSPECTS = 50;
const FACT = "rollSums";

const isOf =
  (one: { grain: string; start: number }) =>
  ({ grain, start }: { grain: string; start: number }) =>
    one.grain === grain && one.start === start;

async function lookAtAll(ports: RollUpPorts, since: number, known: ReadonlyMap<string, KnownSums>) {
  const { of, until, db } = ports;
  const from = Math.max(since, bucketOf(until - MOST_DAYS * DAY_MS, "day", of.timeZone).start);
  const closed = (grain: "day" | "month", before: number) =>
    bucketsTouched([from], before, grain, of.timeZone).filter(({ end }) => end <= before);
  const days = closed("day", until - RECENT_MS);
  const months = closed("month", until);
  const turn = Math.floor(until / HOUR_MS);
  const turns = Math.max(1, Math.ceil(days.length / DAYS_BY_HOUR) - 1);
  const turnOf = (place: number) => Math.floor((days.length - 1 - place) / DAYS_BY_HOUR);
  const byHour = days.filter((_, place) => turnOf(place) === 0 || turnOf(place) === 1 + (turn % turns));
  // Of the hours one panel at a time is counted beside the totals.
  const panel = PANELS[1 + (turn % (PANELS.length - 1))]!;
  const reading = readRollSums(db, originOf(of), { days, byHour, months, panels: PANELS, panel });
  const sums = await withPatience(reading, PATIENCE_MS, "counting roll-ups");
  const hoursOf = ({ start, end }: { start: number; end: number }) => bucketsTouched([start], end, "hour", of.timeZone);
  return lookAtSums({ days, byHour, months, hoursOf, sums, panels: PANELS.length }, known);
}

/** What is wrong is marked; what turns out to be right is held for right as long as it stays as it is. */
export async function checkOldRolls(ports: RollUpPorts, sql: SqlStorage): Promise<RollCheck> {
  const since = await comparedSince(ports);
  if (since === null) return NO_CHECK;
  const known = new Map(Object.entries(readFact<Record<string, KnownSums>>(sql, FACT) ?? {}));
  const all = await lookAtAll(ports, since, known);
  const asked: LookedAt[] = [];
  let left = MOST_SUSPECTS;
  for (const one of all) {
    if (one.suspects.length === 0 || one.suspects.length > left || one.suspects.some((own) => waits(own, ports)))
      continue;
    left -= one.suspects.length;
    asked.push(one);
  }
  const suspects = ["hour", "day", "month"].flatMap((grain) =>
    asked.flatMap((one) => one.suspects.filter((own) => own.grain === grain)),
  );
  const { check } =
    suspects.length > 0 ? await inspect(suspects, await storedOf(suspects, ports), ports) : { check: NO_CHECK };
  const isRight = (one: LookedAt) =>
    one.suspects.length === 0 ||
    (asked.includes(one) && !one.suspects.some((own) => check.differences.some(isOf(own)) || waits(own, ports)));
  const kept = all.flatMap((one): [string, KnownSums][] => {
    const sums = isRight(one) ? one.sums : known.get(one.key);
    return sums ? [[one.key, sums]] : [];
  });
  const text = JSON.stringify(Object.fromEntries(kept));
  if (text !== JSON.stringify(Object.fromEntries(known))) writeFact(sql, FACT, JSON.parse(text));
  return check;
}
