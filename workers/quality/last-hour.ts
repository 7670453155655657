// What is looked at of the last hour, where it has enough events, as the day's look does of a day: how much came, what came
// twice or late, of which types properties are. A day's look has the last word where hours are too few or too noisy.

import { type EventQuality, eventQuality } from "../analyses/event-quality.ts";
import { type EventShape, propertyShapes } from "../analyses/property-shapes.ts";
import { localDate, startOfDate } from "../domain/buckets.ts";
import type { KeptFinding, QualityFinding } from "../domain/quality.ts";
import { addTypes, type DayKnown, findingOf, goesOn, sumOfDays, usualDays } from "./daily-look.ts";
import { typesOf } from "./day-facts.ts";
import type { HourFacts } from "./hour-facts.ts";
import type { LookFinding } from "./hourly-look.ts";
import { type QualityPorts, scanAll } from "./ports.ts";
import { DAY_MS, HOUR_MS, type StreamFault, type StreamFinding } from "./stream-finding.ts";
import { duplicates } from "./streams/duplicates.ts";
import { lateEvents } from "./streams/late-events.ts";
import { typeDrift } from "./streams/type-drift.ts";
import { hourDrop } from "./streams/volume-drop.ts";
import { hoursTotal } from "./usual-hour.ts";

/** Late events are looked for among those of this time. */
const LOOK_BACK_HOURS = 24;
/** In which less comes, nothing is read: no hour of it has enough. */
const LEAST_EVENTS = 100;

const LATER_TOLD = ["volume_drop", "duplicates", "late_events", "type_drift"] as const satisfies StreamFault[];

export interface HourKnown extends Pick<DayKnown, "before" | "open"> {
  facts: HourFacts;
}

interface LastHour {
  from: number;
  to: number;
  /** Of what was received in it. */
  received: EventQuality[];
  /** Of what happened in it. */
  shapes: EventShape[];
}

async function readHour(ports: QualityPorts, to: number): Promise<LastHour> {
  const { timeZone } = ports.site;
  const from = to - HOUR_MS;
  const within = { params: { received: { from, to } }, from: to - LOOK_BACK_HOURS * HOUR_MS, to };
  const replies = await scanAll(ports, [
    { analysis: eventQuality.name, ...within, timeZone, filters: [] },
    { analysis: propertyShapes.name, params: {}, from, to, timeZone, filters: [] },
  ]);
  const answered = (place: number) => replies.map(({ partials }) => partials[place]);
  return {
    from,
    to,
    received: eventQuality.answer(answered(0), { received: { from, to } }),
    shapes: propertyShapes.answer(answered(1), {}),
  };
}

/** What was judged, and what of it is wrong. */
interface Judged {
  fault: StreamFault;
  subject: string;
  found: StreamFinding[];
}

function judgeReceipts({ from, to, received }: LastHour, known: HourKnown): Judged[] {
  const sum = (of: "events" | "late" | "repeated") => received.reduce((all, one) => all + one[of], 0);
  const usual = (fault: "duplicates" | "late_events", of: "late" | "repeated") => {
    const days = usualDays(known, fault);
    return { events: sumOfDays(days, "events"), count: sumOfDays(days, of) };
  };
  const [twice, late] = [usual("duplicates", "repeated"), usual("late_events", "late")];
  const events = sum("events");
  const imported = known.facts.standings.some((one) => one.imported.some((span) => span.to > to - DAY_MS));
  const repeats = duplicates(
    { events: twice.events, repeated: twice.count },
    { events, repeated: sum("repeated") },
    from,
    to,
  );
  const lateness = lateEvents({ events: late.events, late: late.count }, { events, late: sum("late") }, from, to);
  return [
    ...(twice.events > 0 ? [{ fault: "duplicates" as const, subject: "events", found: repeats }] : []),
    ...(late.events > 0 && !imported ? [{ fault: "late_events" as const, subject: "events", found: lateness }] : []),
  ];
}

function judgeTypes({ from, to, shapes }: LastHour, known: HourKnown): Judged[] {
  return shapes.flatMap(({ name: event, properties }) =>
    properties.map(({ name, types }): Judged => {
      const property = `${event} · ${name}`;
      const days = usualDays(known, "type_drift", property);
      const before = addTypes(days.map(({ events }) => events.get(event)?.properties[name]?.types ?? {}));
      const found = typeDrift([{ property, before, now: typesOf(types) }], from, to);
      return { fault: "type_drift", subject: property, found };
    }),
  );
}

/** A day's finding ends with the day. */
const isOfDay = ({ to }: KeptFinding, timeZone: string): boolean =>
  startOfDate(localDate(to, timeZone), timeZone) === to;

/** What an hour's look found before and this one, which had enough to see it, does not. */
function ended(judged: readonly Judged[], { open }: HourKnown, timeZone: string): LookFinding[] {
  return open
    .filter((one) => LATER_TOLD.some((fault) => fault === one.fault) && !isOfDay(one, timeZone))
    .filter((one) => judged.some(({ fault, subject, found }) => isSame(one, { fault, subject }) && found.length === 0))
    .map((one) => ({ ...findingOf(one), over: true }));
}

const isSame = (a: Pick<QualityFinding, "fault" | "subject">, b: Pick<QualityFinding, "fault" | "subject">): boolean =>
  a.fault === b.fault && a.subject === b.subject;

/** Whatever is open goes on, hours between that had too few events or not. */
function goesOnFrom(found: StreamFinding, open: readonly KeptFinding[]): QualityFinding {
  const before = open.find((one) => isSame(one, found));
  return before ? goesOn(found, [{ ...before, to: Math.max(before.to, found.from) }]) : found;
}

/** Whether it is worth reading what is kept of the days before. */
export const isBusy = ({ memory, end }: HourFacts): boolean =>
  (hoursTotal(memory.hours, end, LOOK_BACK_HOURS) ?? 0) >= LEAST_EVENTS;

export async function lookAtLastHour(ports: QualityPorts, known: HourKnown): Promise<LookFinding[]> {
  const { memory, end } = known.facts;
  const drop = ports.isExceptional(end - 1) ? null : hourDrop(memory, end);
  const hour = await readHour(ports, end);
  const judged: Judged[] = [
    ...(drop ? [{ fault: "volume_drop" as const, subject: "events", found: drop }] : []),
    ...judgeReceipts(hour, known),
    ...judgeTypes(hour, known),
  ];
  const found = judged.flatMap((one) => one.found.map((each) => goesOnFrom(each, known.open)));
  return [...found, ...ended(judged, known, ports.site.timeZone)];
}
