// What the events of a local day are like: counts by name and property, and some of them one by one.
import { eventQuality } from "../analyses/event-quality.ts";
import { type EventShape, propertyShapes } from "../analyses/property-shapes.ts";
import { localDate, startOfDate } from "../domain/buckets.ts";
import type { Period } from "../domain/period.ts";
import type { DayFacts } from "../domain/quality.ts";
import { type EventSample, sampleEvents } from "./event-sample.ts";
import { type QualityPorts, scanAll } from "./ports.ts";

export interface Day extends Period {
  /** The local date, `2026-11-21`. */
  date: string;
}

/** Events of a day may be on their way for a while after it. */
const SETTLED_MS = 3_600_000;
/** After a longer rest the days between are left out. */
const MOST_BEHIND = 3;

/** The next day to be judged after `last`; null when that was the last that is over. */
export function nextDay(last: string | null, now: number, timeZone: string): Day | null {
  const newest = localDate(now - SETTLED_MS, timeZone).subtract({ days: 1 });
  const oldest = newest.subtract({ days: last === null ? 0 : MOST_BEHIND });
  const dates = Array.from({ length: MOST_BEHIND + 1 }, (_, days) => oldest.add({ days }));
  const date = dates.find((one) => one.toString() > (last ?? "") && one.toString() <= newest.toString());
  if (!date) return null;
  return {
    date: date.toString(),
    from: startOfDate(date, timeZone),
    to: startOfDate(date.add({ days: 1 }), timeZone),
  };
}

/** Whole numbers are numbers, dates are texts: senders write either. */
const TYPE_NAMES: Readonly<Record<string, string>> = { integer: "number", "date-time": "string" };
const typeName = (type: string): string => (type.startsWith("array") ? "array" : (TYPE_NAMES[type] ?? type));

export function typesOf(types: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [type, count] of Object.entries(types)) sums[typeName(type)] = (sums[typeName(type)] ?? 0) + count;
  return sums;
}

function propertiesOf(shape: EventShape | undefined, distinct: Readonly<Record<string, number>>) {
  const properties = (shape?.properties ?? []).map((one): [string, DayFacts["properties"][string]] => [
    one.name,
    { types: typesOf(one.types), distinct: distinct[one.name] ?? 0, events: one.events - one.empty },
  ]);
  return Object.fromEntries(properties);
}

export interface ReadDay {
  day: Day;
  /** By name. */
  events: ReadonlyMap<string, DayFacts>;
  sample: EventSample;
}

export async function readDay(ports: Pick<QualityPorts, "site" | "scan">, day: Day): Promise<ReadDay> {
  const { from, to } = day;
  const request = { params: {}, from, to, timeZone: ports.site.timeZone, filters: [] };
  const requests = [eventQuality, propertyShapes].map(({ name }) => ({ ...request, analysis: name }));
  const replies = await scanAll(ports, requests);
  const answered = (place: number) => replies.map(({ partials }) => partials[place]);
  const counts = eventQuality.answer(answered(0), { received: null });
  const shapes = new Map(propertyShapes.answer(answered(1), {}).map((shape) => [shape.name, shape]));
  const expected = counts.reduce((sum, { events }) => sum + events, 0);
  const events = counts.map(({ name, distinct, ...own }): [string, DayFacts] => [
    name,
    { ...own, properties: propertiesOf(shapes.get(name), distinct) },
  ]);
  return { day, events: new Map(events), sample: await sampleEvents(ports, { period: { from, to }, expected }) };
}
