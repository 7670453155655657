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

/** A rotation as its team is now. */
export interface Roster extends NewRotation {
  /** Names of members who have left. */
  gone?: ReadonlySet<string>;
}

/** With the names that members have now, by their ids. Two of one name keep those that they were written down by. */
export function named<Kept extends NewRotation>(rotation: Kept, names: ReadonlyMap<string, string>): Kept {
  const taken = new Set(rotation.people.map(({ name }) => name));
  const called = new Map<string, string>();
  const people = rotation.people.map((one) => {
    // Rotations of before have none.
    const member = one.member ?? null;
    const now = (member === null ? undefined : names.get(member)) ?? one.name;
    const name = taken.has(now) ? one.name : now;
    taken.add(name);
    called.set(one.name, name);
    return { ...one, member, name };
  });
  const overrides = rotation.overrides.map((one) => ({ ...one, person: called.get(one.person) ?? one.person }));
  return { ...rotation, people, overrides };
}

export function rosterOf(rotation: NewRotation, names: ReadonlyMap<string, string>): Roster {
  const now = named(rotation, names);
  const left = now.people.filter(({ member }) => member !== null && !names.has(member));
  return { ...now, gone: new Set(left.map(({ name }) => name)) };
}

const overrideAt = ({ overrides }: NewRotation, at: number) =>
  overrides.findLast(({ from, until }) => from <= at && at < until);

export interface Duty {
  person: OnCallPerson | null;
  isOverride: boolean;
  /** Who would be, and have left the team: the next in their order takes their turn. */
  skipped: string[];
}

export function onCallAt(roster: Roster, at: number): Duty {
  const { people, gone = new Set() } = roster;
  const skipped: string[] = [];
  const stands = overrideAt(roster, at);
  const standIn = stands && people.find(({ name }) => name === stands.person);
  if (standIn && !gone.has(standIn.name)) return { person: standIn, isOverride: true, skipped };
  if (standIn) skipped.push(standIn.name);
  const turn = turnAt(roster, at);
  for (let next = 0; next < people.length; next++) {
    const person = personOf(roster, turn + next);
    if (!gone.has(person.name)) return { person, isOverride: false, skipped };
    if (!skipped.includes(person.name)) skipped.push(person.name);
  }
  return { person: null, isOverride: false, skipped };
}

/** Who is on call from a moment to another, without a gap; the first shift may have begun before. */
export function shiftsOf(rotation: Roster, { from, until }: { from: number; until: number }): Shift[] {
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
    const { person, isOverride, skipped } = onCallAt(rotation, at);
    const shift = { from: at, until: end, person: person?.name ?? null, isOverride, skipped };
    const last = shifts.at(-1);
    const isSame =
      last?.person === shift.person && last.isOverride === isOverride && `${last.skipped}` === `${skipped}`;
    if (last && isSame && !begins.includes(at)) last.until = end;
    else shifts.push(shift);
  }
  return shifts.filter((shift) => shift.until > from && shift.from < until);
}
