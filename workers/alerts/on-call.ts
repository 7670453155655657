// Who of a rotation is on call, by the clock of its zone: a day with a change of the clock is an hour longer or shorter.
import { Temporal } from "temporal-polyfill";
import type { NewRotation, OnCallPerson, Shift } from "../domain/on-call.ts";

type Turns = Pick<NewRotation, "timeZone" | "every" | "at" | "start" | "people">;

const DAYS = { day: 1, week: 7 } as const;

/** Moment of the hand-over on a day; where the clock leaps over it, as much later. */
function handOver({ at, timeZone }: Turns, date: Temporal.PlainDate): number {
  return date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(at) }).epochMilliseconds;
}

/** Number of the turn at that moment, since that of `start`. */
function turnAt(rotation: Turns, at: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(rotation.timeZone).toPlainDate();
  const days = Temporal.PlainDate.from(rotation.start).until(today, { largestUnit: "day" }).days;
  return Math.floor((days - (at < handOver(rotation, today) ? 1 : 0)) / DAYS[rotation.every]);
}

function beginOf(rotation: Turns, turn: number): number {
  return handOver(rotation, Temporal.PlainDate.from(rotation.start).add({ days: turn * DAYS[rotation.every] }));
}

function personOf({ people }: Turns, turn: number): OnCallPerson {
  const { length } = people;
  return people[((turn % length) + length) % length]!; // the schema asks for one at least
}

const overrideAt = ({ overrides }: NewRotation, at: number) =>
  overrides.findLast(({ from, until }) => from <= at && at < until);

export function onCallAt(rotation: NewRotation, at: number): OnCallPerson {
  const stands = overrideAt(rotation, at);
  const found = stands && rotation.people.find(({ name }) => name === stands.person);
  return found ?? personOf(rotation, turnAt(rotation, at));
}

/** Who is on call from a moment to another, without a gap; the first shift may have begun before. */
export function shiftsOf(rotation: NewRotation, { from, until }: { from: number; until: number }): Shift[] {
  const begins: number[] = [];
  // With the hand-over that ends the last turn: what stands in may end, or begin, before it.
  for (let turn = turnAt(rotation, from); (begins.at(-1) ?? from) < until; turn++) begins.push(beginOf(rotation, turn));
  const [first = from] = begins;
  const final = begins.at(-1) ?? until;
  const edges = rotation.overrides
    .flatMap((one) => [one.from, one.until])
    .filter((edge) => edge > first && edge < final);
  const moments = [...new Set([...begins, ...edges])].sort((a, b) => a - b);
  const shifts: Shift[] = [];
  for (const [index, at] of moments.slice(0, -1).entries()) {
    const end = moments[index + 1]!; // the last is left out
    const { name } = onCallAt(rotation, at);
    const isOverride = overrideAt(rotation, at) !== undefined;
    const last = shifts.at(-1);
    if (last && last.person === name && last.isOverride === isOverride && !begins.includes(at)) last.until = end;
    else shifts.push({ from: at, until: end, person: name, isOverride });
  }
  return shifts.filter((shift) => shift.until > from && shift.from < until);
}
