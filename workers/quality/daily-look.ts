// What is looked at of each day that is over: how it differs from the days before, its values, the owner's rules.
import type {
  DayFacts,
  KeptFinding,
  QualityDay,
  QualityFault,
  QualityFinding,
  RuleVerdict,
} from "../domain/quality.ts";
import type { QualityRule } from "../domain/quality-rule.ts";
import { type CheckedCells, checkCells } from "./cell-findings.ts";
import type { ReadDay } from "./day-facts.ts";
import { evaluateRules } from "./evaluate-rules.ts";
import { DAY_MS, HOUR_MS, type StreamFinding } from "./stream-finding.ts";
import { duplicates } from "./streams/duplicates.ts";
import { lateEvents } from "./streams/late-events.ts";
import { type PointsCount, pointsDiffer } from "./streams/points-differ.ts";
import { tooManyValues } from "./streams/too-many-values.ts";
import { leastOf, totalOf, typeDrift } from "./streams/type-drift.ts";
import { volumeDrop } from "./streams/volume-drop.ts";
import type { Memory } from "./usual-hour.ts";

export const DAILY_FAULTS = [
  "volume_drop",
  "type_drift",
  "duplicates",
  "points_differ",
  "late_events",
  "too_many_values",
  "wrong_values",
  "rule_broken",
] as const satisfies QualityFault[];

/** Days that a day is compared with. */
export const COMPARED_DAYS = 7;

const MOST_SILENT_DAYS = 14;

export interface DayBefore {
  date: string;
  from: number;
  events: ReadonlyMap<string, DayFacts>;
}

export interface DayKnown {
  memory: Memory;
  /** What was kept of the days before, the newest first. */
  before: readonly DayBefore[];
  /** What is still there of the days before. */
  open: readonly KeptFinding[];
  rules: readonly (QualityRule & { id: string })[];
  /** The day's values of the metrics that rules name. */
  metrics: Readonly<Record<string, number>>;
  /** Whether the day is known to be unlike others. */
  exceptional: boolean;
  /** Whether history came in, which is late by its nature. */
  imported: boolean;
  /** What Analytics Engine has of the day; null where it cannot be compared. */
  points: PointsCount | null;
}

export interface DayLook {
  found: QualityFinding[];
  cells: CheckedCells[];
  /** By the rule's id. */
  verdicts: Record<string, RuleVerdict>;
}

/**
 * What was wrong before is not what is usual: days of an open finding are left out of what a day is compared with, and the
 * finding goes on.
 */
export function usualDays(
  { before, open }: Pick<DayKnown, "before" | "open">,
  fault: QualityFault,
  subject?: string,
): DayBefore[] {
  const wrong = open.find((one) => one.fault === fault && (subject === undefined || one.subject === subject));
  // Days of 23 hours and of 25 too.
  const isBefore = ({ from }: DayBefore) => !wrong || from + DAY_MS <= wrong.from + HOUR_MS;
  return before.filter(isBefore).slice(0, COMPARED_DAYS);
}

/** Without when it was seen, which is for the store to say. */
export const findingOf = ({ firstSeen: _, lastSeen: __, resolvedAt: ___, ...finding }: KeptFinding): QualityFinding =>
  finding;

/** The same that was found before or, by an hour's look, within it. */
export function goesOn(found: QualityFinding, open: readonly KeptFinding[]): QualityFinding {
  const before = open.find(
    (one) => one.fault === found.fault && one.subject === found.subject && one.from < found.to && one.to >= found.from,
  );
  return before ? { ...found, from: before.from } : found;
}

export const sumOf = (events: ReadonlyMap<string, DayFacts>, of: "events" | "late" | "repeated"): number =>
  [...events.values()].reduce((sum, facts) => sum + facts[of], 0);

export const sumOfDays = (days: readonly DayBefore[], of: "events" | "late" | "repeated"): number =>
  days.reduce((sum, { events }) => sum + sumOf(events, of), 0);

const dropSince = (open: readonly KeptFinding[]) => open.find(({ fault }) => fault === "volume_drop")?.from;

function siteFindings({ day, events }: ReadDay, known: DayKnown): StreamFinding[] {
  const { from, to } = day;
  const repeated = (days: readonly DayBefore[]) => ({
    events: sumOfDays(days, "events"),
    repeated: sumOfDays(days, "repeated"),
  });
  const late = (days: readonly DayBefore[]) => ({ events: sumOfDays(days, "events"), late: sumOfDays(days, "late") });
  const now = [{ date: day.date, from, events }];
  return [
    ...(known.exceptional ? [] : volumeDrop(known.memory, to, { wrongSince: dropSince(known.open) })),
    ...duplicates(repeated(usualDays(known, "duplicates")), repeated(now), from, to),
    ...(known.points && !known.imported ? pointsDiffer(sumOf(events, "events"), known.points, from, to) : []),
    ...(known.imported ? [] : lateEvents(late(usualDays(known, "late_events")), late(now), from, to)),
  ];
}

export function addTypes(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const types of all) for (const [type, count] of Object.entries(types)) sums[type] = (sums[type] ?? 0) + count;
  return sums;
}

const isDrift = ({ fault }: QualityFinding) => fault === "type_drift";

const isDrifting = (open: readonly KeptFinding[], property: string): boolean =>
  open.some((one) => isDrift(one) && one.subject === property);

/** Drifts of which the day says nothing, as too few values came: nobody has mended them yet. Not for ever: it may be that none will come. */
function stillDrifting({ day, events }: ReadDay, { open }: DayKnown): QualityFinding[] {
  const told = new Set(
    [...events].flatMap(([event, { properties }]) =>
      Object.entries(properties).flatMap(([name, { types }]) =>
        totalOf(types) < leastOf(true) ? [] : [`${event} · ${name}`],
      ),
    ),
  );
  return open
    .filter((one) => isDrift(one) && !told.has(one.subject) && one.from < day.from)
    .filter(({ from }) => day.to - from <= MOST_SILENT_DAYS * DAY_MS)
    .map((one) => ({ ...findingOf(one), to: day.to }));
}

function propertyFindings({ day, events }: ReadDay, known: DayKnown): StreamFinding[] {
  const { from, to } = day;
  return [...events].flatMap(([event, { properties }]) =>
    Object.entries(properties).flatMap(([name, own]) => {
      const property = `${event} · ${name}`;
      const factsOf = (fault: QualityFault) =>
        usualDays(known, fault, property).flatMap((one) => one.events.get(event) ?? []);
      const types = factsOf("type_drift").map((facts) => facts.properties[name]?.types ?? {});
      // Of an event that is itself new nothing is known, least of all which of its properties name things.
      const days = factsOf("too_many_values");
      const distinct = days.flatMap((facts) => facts.properties[name]?.distinct ?? []);
      const many = { property, before: distinct, now: own.distinct, events: own.events };
      return [
        ...typeDrift(
          [{ property, before: addTypes(types), now: own.types, isOpen: isDrifting(known.open, property) }],
          from,
          to,
        ),
        ...(days.length > 0 ? tooManyValues([many], from, to) : []),
      ];
    }),
  );
}

function cellFindings(cells: readonly CheckedCells[], { from, to }: ReadDay["day"]): QualityFinding[] {
  const wrong = cells.flatMap((one) => one.wrong);
  return wrong.map(({ event, property, fault, checked, wrong: found, reason }) => ({
    fault: "wrong_values",
    subject: `${event} · ${property} · ${fault}`,
    from,
    to,
    expected: checked,
    found,
    reason,
  }));
}

/** Each rule by its id; `share` of the visitors is what rules about events were tried on. */
export function judgeRules(
  rules: DayKnown["rules"],
  { sample, metrics }: { sample: ReadDay["sample"]; metrics: DayKnown["metrics"] },
): Record<string, RuleVerdict> {
  const judged = evaluateRules(rules, sample.events, metrics);
  const of = sample.share < 1 ? `; looked at ${(100 * sample.share).toPrecision(2)} % of the visitors` : "";
  return Object.fromEntries(
    judged.map(({ examples: _, reason, ...verdict }, place) => {
      const rule = rules[place]!;
      return [rule.id, { ...verdict, reason: rule.on === "events" ? `${reason}${of}` : reason }];
    }),
  );
}

function brokenRules(verdicts: Readonly<Record<string, RuleVerdict>>, day: ReadDay["day"]): QualityFinding[] {
  return Object.values(verdicts)
    .filter(({ kept }) => !kept)
    .map(({ rule, broken, reason }) => ({
      fault: "rule_broken",
      subject: rule,
      from: day.from,
      to: day.to,
      expected: 0,
      found: broken,
      reason: `${rule}: ${reason}`,
    }));
}

/** Everything but the score, which goes by what was found. */
export function lookAtDay(read: ReadDay, known: DayKnown): DayLook {
  const cells = checkCells(read.sample.events);
  const verdicts = judgeRules(known.rules, { sample: read.sample, metrics: known.metrics });
  const found = [
    ...siteFindings(read, known),
    ...propertyFindings(read, known),
    ...stillDrifting(read, known),
    ...cellFindings(cells, read.day),
    ...brokenRules(verdicts, read.day),
  ];
  return { found: found.map((one) => goesOn(one, known.open)), cells, verdicts };
}

/** What was kept of the days, by day. */
export function daysBefore(kept: readonly QualityDay[], startOf: (date: string) => number): DayBefore[] {
  const days = Map.groupBy(
    kept.filter(({ event }) => event !== ""),
    ({ day }) => day,
  );
  return [...days]
    .map(([date, own]) => ({
      date,
      from: startOf(date),
      events: new Map(own.map(({ event, facts }) => [event, facts])),
    }))
    .sort((a, b) => b.from - a.from);
}
