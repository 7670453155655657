// Which questions roll-ups can answer, from which buckets, and the answer. Buckets that are open or not sure are asked of the
// shards in the same form, so that both add up. Pure.

import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { Rolled, RolledRow } from "../analyses/roll-up.ts";
import { rollUpRequest } from "../analyses/rolled/request.ts";
import { addsUp, type Bucketed, rolledRun, tableOf } from "../analyses/rolled/run.ts";
import type { Table } from "../analyses/table.ts";
import type { Measure } from "../catalog/measure.ts";
import type { StandardPanel } from "../catalog/standard-panels.ts";
import { type Bucket, bucketsOf, type Grain, type Period } from "../domain/period.ts";
import type { RolledGrain, RollupRead } from "../domain/rollup.ts";
import type { ScanRequest } from "../engine/scan.ts";
import { GOAL } from "./filters.ts";
import type { GroupPlan } from "./plan.ts";
import { goalPanels, type Names, panelOf } from "./rolled-goals.ts";

/** How the roll-ups of all shards stand together. */
export interface Standing {
  closedUntil: number;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  lasting: boolean;
  /** Since when all shards hold all events, milliseconds. */
  heldSince: number;
}

/** Nothing is known of events that lie in no segment yet. */
const heldSinceOf = (each: readonly number[]): number =>
  each.length > 0 ? Math.max(...each) : Number.POSITIVE_INFINITY;

export function standingOf(shards: readonly ShardStanding[]): Standing {
  return {
    closedUntil: Math.min(...shards.map(({ closedUntil }) => closedUntil)),
    hours: new Set(shards.flatMap(({ hours }) => hours)),
    days: new Set(shards.flatMap(({ days }) => days)),
    months: new Set(shards.flatMap(({ months }) => months)),
    lasting: shards.some(({ lasting }) => lasting),
    heldSince: heldSinceOf(shards.flatMap(({ heldSince }) => heldSince ?? [])),
  };
}

/** What a bucket of a panel is known by. */
export const holeOf = (grain: RolledGrain, bucket: number, panel: string): string => `${grain} ${bucket} ${panel}`;

interface Span {
  start: number;
  end: number;
  label: string;
}

/** A bucket that a roll-up tells, or that the shards are asked for. */
interface Part extends Span {
  grain: RolledGrain;
  /** On which day it begins, counted from the question's first. */
  day: number;
  request: ScanRequest | null;
}

/** Buckets whose visitors are counted together, under one key of the answer. */
interface Run {
  key: string[] | null;
  first: number;
  parts: Part[];
}

export interface RolledPlan {
  panel: string;
  measures: Measure[];
  runs: Run[];
  /** What the shards answer in the question's own form: the end of a series, from its first bucket that is not sure. */
  rest: ScanRequest | null;
  /** What the answer calls the panel's rows, and which of them are in it; null takes all as they are. */
  names: Names | null;
}

const HOUR_MS = 3_600_000;
/** Distinct visitors of a run are told by what each day knows of the 31 before it. */
const LONGEST_LASTING_RUN = 32;
/** From so many days on, whole months are read instead. */
const LONG_RUN = 62;
/** More buckets that are not sure than this cost as much as asking for all. */
const MOST_ASKED = 6;
/** Events may be five minutes ahead of their receipt. */
const AHEAD_MS = 600_000;

function spansOf({ from, to }: Period, grain: Grain, timeZone: string): Span[] {
  const buckets: Bucket[] = bucketsOf(from, to, grain, timeZone);
  return buckets.map(({ start, label }, index) => ({ start, label, end: buckets[index + 1]?.start ?? Number.NaN }));
}

/** With the end of the last, which may lie beyond the period. */
function wholeSpans(period: Period, grain: RolledGrain, timeZone: string): Span[] {
  const beyond = { hour: 3 * HOUR_MS, day: 72 * HOUR_MS, month: 64 * 24 * HOUR_MS }[grain];
  return spansOf({ from: period.from, to: period.to + beyond }, grain, timeZone).filter(
    ({ start }) => start < period.to,
  );
}

interface Question {
  plan: GroupPlan;
  panel: StandardPanel;
  names: Names | null;
  grain: Grain | null;
  period: Period;
  timeZone: string;
}

/** One for each panel that has some of the answer; null where no panels have all of it. */
function questionsOf(plan: GroupPlan): Question[] | null {
  const { request, dimensions } = plan;
  const [name] = dimensions;
  if (request.filters.length > 0 || dimensions.length > 1) return null;
  const { from, to, timeZone } = request;
  const asked = { plan, grain: null, period: { from, to }, timeZone };
  if (name === GOAL) return goalPanels(plan.goals)?.map((own) => ({ ...asked, ...own })) ?? null;
  const grain = name?.startsWith("time:") ? (name.slice("time:".length) as Grain) : null; // the catalogue's dimensions of time
  const panel = panelOf(grain ? null : (name ?? null));
  if (!panel || grain === "minute") return null;
  return [{ ...asked, panel, names: null, grain }];
}

/** Whether a question of this shape may be answered from roll-ups, if they stand well. */
export function mayBeRolled(plan: GroupPlan): boolean {
  return questionsOf(plan) !== null;
}

interface Known {
  standing: Standing;
  now: number;
  /** Panels' buckets of which rows are missing. */
  holes?: ReadonlySet<string>;
}

function isSure({ panel }: Question, span: Span, grain: RolledGrain, { standing, holes }: Known): boolean {
  if (holes?.has(holeOf(grain, span.start, panel.panel))) return false;
  if (span.end > standing.closedUntil) return false;
  if (grain === "month") return !standing.months.has(span.start);
  if (grain === "day") return !standing.days.has(span.start);
  for (let hour = Math.floor(span.start / HOUR_MS) * HOUR_MS; hour < span.end; hour += HOUR_MS) {
    if (standing.hours.has(hour)) return false;
  }
  return true;
}

/** The day as a roll-up would tell it, asked of the shards; it looks back as far as the run goes. */
function askedDay(day: Span, days: readonly Span[], { question, lasting }: { question: Question; lasting: boolean }) {
  const place = days.indexOf(day);
  const before = days.slice(Math.max(0, lasting ? place - LONGEST_LASTING_RUN + 1 : place - 1), place + 1);
  const { panel, timeZone, period } = question;
  const to = Math.min(day.end, period.to);
  return rollUpRequest(panel, { from: day.start, to, timeZone, dayStarts: before.map(({ start }) => start) });
}

function dayParts(days: readonly Span[], first: number, question: Question, known: Known): Part[] {
  return days.map((day, place) => {
    const sure = isSure(question, day, "day", known) && day.end <= question.period.to;
    const { lasting } = known.standing;
    return {
      ...day,
      grain: "day",
      day: first + place,
      request: sure ? null : askedDay(day, days, { question, lasting }),
    };
  });
}

/** Days, and whole months where that spares many. */
function partsOfRun(days: readonly Span[], first: number, question: Question, known: Known): Part[] {
  const parts = dayParts(days, first, question, known);
  if (days.length <= LONG_RUN) return parts;
  const months = wholeSpans({ from: days[0]!.start, to: days.at(-1)!.end }, "month", question.timeZone);
  const whole = months.filter(
    (month) =>
      month.start >= days[0]!.start && month.end <= days.at(-1)!.end && isSure(question, month, "month", known),
  );
  const sure = whole.filter(({ start, end }) =>
    parts.every((part) => part.start < start || part.start >= end || part.request === null),
  );
  const left = parts.filter(({ start }) => !sure.some((month) => start >= month.start && start < month.end));
  const asMonths = sure.map((month): Part => {
    const day = first + days.findIndex(({ start }) => start === month.start);
    return { ...month, grain: "month", day, request: null };
  });
  return [...left, ...asMonths];
}

function runsOf(question: Question, days: readonly Span[], known: Known): Run[] {
  const { grain, period, timeZone } = question;
  if (grain === null) return [{ key: null, first: 0, parts: partsOfRun(days, 0, question, known) }];
  return spansOf(period, grain, timeZone).map(({ start, end, label }) => {
    const own = days.filter((day) => day.start >= start && !(day.start >= end));
    const first = own[0] ? days.indexOf(own[0]) : 0;
    return { key: [label], first, parts: partsOfRun(own, first, question, known) };
  });
}

const planned = ({ plan, panel, names }: Question) => ({ panel: panel.panel, measures: plan.measures, names });

/** Hours or days, each by itself: what is not sure and all after it is asked in the question's own form. */
function seriesPlan(question: Question, grain: "hour" | "day", known: Known): RolledPlan | null {
  const { plan, period, timeZone } = question;
  const spans = wholeSpans(period, grain, timeZone);
  const unsure = spans.findIndex((span) => !isSure(question, span, grain, known) || span.end > period.to);
  const sure = unsure < 0 ? spans : spans.slice(0, unsure);
  if (sure.length === 0) return null;
  const runs = sure.map(
    (span, day): Run => ({
      key: [span.label],
      first: day,
      parts: [{ ...span, grain, day, request: null }],
    }),
  );
  const rest = unsure < 0 ? null : { ...plan.request, from: spans[unsure]!.start };
  return { ...planned(question), runs, rest };
}

function rolledPlan(question: Question, known: Known): RolledPlan | null {
  const { plan, grain, period, timeZone } = question;
  if (grain === "hour" || grain === "day") {
    const [first] = wholeSpans(period, grain, timeZone);
    return first?.start === period.from ? seriesPlan(question, grain, known) : null;
  }
  const days = wholeSpans(period, "day", timeZone).filter(({ start }) => start < known.now + AHEAD_MS);
  if (days[0]?.start !== period.from) return null;
  if (!addsUp(plan.measures) && days.length > 1) return null;
  if (
    grain === null &&
    days.length > LONGEST_LASTING_RUN &&
    known.standing.lasting &&
    plan.measures.includes("visitors")
  ) {
    return null;
  }
  const runs = runsOf(question, days, known);
  const parts = runs.flatMap((run) => run.parts);
  const asked = parts.filter(({ request }) => request !== null).length;
  if (asked > MOST_ASKED + (known.holes?.size ?? 0) || asked === parts.length) return null;
  return { ...planned(question), runs, rest: null };
}

/** How roll-ups answer the question, together; null where they cannot, or not any better than the shards. */
export function rolledPlans(plan: GroupPlan, known: Known): RolledPlan[] | null {
  const plans = questionsOf(plan)?.map((question) => rolledPlan(question, known)) ?? [null];
  return plans.includes(null) ? null : plans.filter((one) => one !== null);
}

export function requestsOf({ runs, rest }: RolledPlan): ScanRequest[] {
  const asked = runs.flatMap(({ parts }) => parts.flatMap(({ request }) => request ?? []));
  return rest ? [...asked, rest] : asked;
}

/** The rows to read for all plans together, of those that are wanted: of each grain one span of time, and the panels. */
export function readsOf(
  plans: readonly RolledPlan[],
  wanted: (grain: RolledGrain, bucket: number, panel: string) => boolean,
): RollupRead[] {
  const told = plans
    .flatMap(({ panel, runs }) => runs.flatMap(({ parts }) => parts.map((part) => ({ ...part, panel }))))
    .filter(({ request, grain, start, panel }) => request === null && wanted(grain, start, panel));
  const groups = Map.groupBy(told, ({ grain, panel }) => `${grain} ${panel}`);
  const spans = [...groups.values()].map((parts) => ({
    grain: parts[0]!.grain,
    panel: parts[0]!.panel,
    from: Math.min(...parts.map(({ start }) => start)),
    to: Math.max(...parts.map(({ start }) => start)) + 1,
  }));
  const alike = Map.groupBy(spans, ({ grain, from, to }) => `${grain} ${from} ${to}`);
  return [...alike.values()].map((own) => ({
    grain: own[0]!.grain,
    from: own[0]!.from,
    to: own[0]!.to,
    panels: own.map(({ panel }) => panel),
  }));
}

export interface RolledSources {
  /** The roll-ups of a bucket, of all shards. */
  told(grain: RolledGrain, bucket: number, panel: string): Rolled[];
  /** What the shards answered. */
  asked(request: ScanRequest): readonly unknown[];
}

function named(rows: readonly RolledRow[], names: Names): RolledRow[] {
  return rows.flatMap((row) => (names.get(row.key[0]!) ?? []).map((name) => ({ ...row, key: [name] })));
}

/** The answer but for `rest`, which the shards give in its own form. */
export function rolledTable({ panel, measures, runs, names }: RolledPlan, { told, asked }: RolledSources): Table {
  const rows = runs.flatMap(({ key, first, parts }) => {
    const buckets = parts.flatMap(({ grain, start, day, request }): Bucketed[] => {
      const rolled = request ? (asked(request) as Rolled[]) : told(grain, start, panel); // what rollUp makes
      return rolled.map((one) => ({ rolled: names ? { ...one, rows: named(one.rows, names) } : one, day }));
    });
    const table = tableOf(rolledRun(buckets, first), measures);
    return key ? table.rows.map((row) => ({ ...row, key })) : table.rows;
  });
  return { rows };
}
