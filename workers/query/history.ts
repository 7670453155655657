// What other tools counted, added to answers for days before the site's first own event, where a question can be answered
// from sums by day; else why not.

import { Temporal } from "temporal-polyfill";
import { keyOf, type Table } from "../analyses/table.ts";
import type { Measure } from "../catalog/measure.ts";
import { type Bucket, bucketsOf, type Grain, localDate, startOfDate } from "../domain/buckets.ts";
import {
  HISTORY_MEASURES,
  HISTORY_TOOLS,
  type History,
  type HistoryMeasure,
  type HistoryRead,
  type HistoryRow,
  WHOLE_DAYS,
} from "../domain/history.ts";
import type { Calendar } from "../domain/period.ts";
import type { QueryMeta } from "../domain/query.ts";
import type { Question } from "../domain/question.ts";
import type { Site } from "../domain/site.ts";
import type { NormalQuery } from "./normalize.ts";
import { type GroupPlan, groupsOf, type Plan } from "./plan.ts";

export interface HistoryPorts {
  /** Newest first. */
  all: readonly History[];
  read(read: HistoryRead): Promise<{ date: string; rows: readonly HistoryRow[] }[]>;
}

/** What an answer is made with besides. */
export interface AddedHistory {
  /** Differs where the answer may. */
  key: string;
  /** Before `table` is asked. */
  load(): Promise<void>;
  /** What is added to a group. */
  table(group: GroupPlan): Table;
  /** Metrics that the history does not tell, which count own events alone. */
  untold: ReadonlySet<string>;
  meta: Pick<QueryMeta, "imports_included" | "imports_skip_reason" | "imports" | "notes">;
}

/** Which count of a history stands for a measure; of visits and whole days all page views are those of visits. */
const TOLD: Partial<Record<Measure, HistoryMeasure>> = {
  visitors: "visitors",
  visits: "visits",
  pageviews: "pageviews",
  visitPageviews: "pageviews",
  bounces: "bounces",
  duration: "duration",
  events: "events",
};

export function wantsHistory(question: Question, histories: HistoryPorts | undefined): histories is HistoryPorts {
  return (histories?.all.length ?? 0) > 0 && "metrics" in question && question.include.imports === true;
}

interface CalendarFacts {
  now: number;
  site: Pick<Site, "timeZone">;
  /** The first own event, milliseconds; undefined where there is none. */
  earliest: number | undefined;
}

export function calendarOf({ now, site: { timeZone }, earliest }: CalendarFacts): Calendar {
  return { now, timeZone, ...(earliest === undefined ? {} : { earliest }) };
}

/** All of time begins with the first day of a history, or the first own event. */
export function calendarWith(facts: CalendarFacts, all: readonly History[]): Calendar {
  const days = all.map(({ from }) => startOfDate(Temporal.PlainDate.from(from), facts.site.timeZone));
  return calendarOf({ ...facts, earliest: Math.min(...days, facts.earliest ?? Number.POSITIVE_INFINITY) });
}

const isTime = (name: string) => name.startsWith("time:");
const panelIn = ({ dimensions }: GroupPlan) => dimensions.find((name) => !isTime(name)) ?? WHOLE_DAYS;

function refusalOf(normal: NormalQuery): string | null {
  const { dimensions, filters, grain } = normal;
  if (filters.length > 0) return "imported history is made of sums by day and cannot be filtered";
  if (grain === "minute" || grain === "hour") return "imported history has no hours: ask by day, week or month";
  if (dimensions.filter((name) => !isTime(name)).length > 1 || dimensions.filter(isTime).length > 1) {
    return "imported history knows one dimension at a time";
  }
  return null;
}

const DAY_MS = 86_400_000;

/** Local days that lie wholly in the group's period. */
function daysOf({ request: { from, to, timeZone } }: GroupPlan): string[] {
  const days = bucketsOf(from, to + 2 * DAY_MS, "day", timeZone);
  return days.flatMap(({ start, label }, index) => {
    const end = days[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    return start >= from && end <= to ? [label] : [];
  });
}

interface Source {
  history: History;
  from: string;
  to: string;
}

/** Which history tells which days of a group, in stretches; of several the newest. */
function sourcesOf(group: GroupPlan, all: readonly History[], until: string): Source[] {
  const panel = panelIn(group);
  const usable = all.filter(({ panels }) => panels.some((one) => one.panel === panel));
  const sources: Source[] = [];
  for (const day of daysOf(group)) {
    const owner = usable.find((one) => one.from <= day && day <= one.to);
    if (!owner || day >= until) continue;
    const last = sources.at(-1);
    if (last?.history === owner) last.to = day;
    else sources.push({ history: owner, from: day, to: day });
  }
  return sources;
}

const measuresOf = ({ history }: Source, panel: string): readonly HistoryMeasure[] =>
  history.panels.find((one) => one.panel === panel)?.measures ?? [];

function tells(source: Source, group: GroupPlan, measure: Measure): boolean {
  const told = TOLD[measure];
  if (told === undefined) return false;
  const panel = panelIn(group);
  // A page's views are those of whoever saw it, and not of its visits.
  if (measure === "visitPageviews" && panel.startsWith("event:")) return false;
  return measuresOf(source, panel).includes(told);
}

/** The bucket that a day lies in: its label, as answers have it. */
function labelsOf({ request, dimensions }: GroupPlan): (date: string) => string {
  const grain = dimensions.find(isTime)?.slice("time:".length) as Grain | undefined; // the catalogue's dimensions of time
  const buckets: Bucket[] = grain ? bucketsOf(request.from, request.to, grain, request.timeZone) : [];
  return (date) => buckets.findLast(({ label }) => label <= date)?.label ?? date;
}

async function tableOf(group: GroupPlan, sources: readonly Source[], ports: HistoryPorts): Promise<Table> {
  const panel = panelIn(group);
  const labelOf = labelsOf(group);
  const places = group.measures.map((measure) => {
    const told = TOLD[measure];
    return told === undefined ? -1 : HISTORY_MEASURES.indexOf(told);
  });
  const rows = new Map<string, Table["rows"][number]>();
  if (places.every((place) => place < 0)) return { rows: [] };
  for (const { history, from, to } of sources) {
    for (const { date, rows: ofDay } of await ports.read({ id: history.id, panel, from, to })) {
      for (const [value, ...counts] of ofDay) {
        const key = group.dimensions.map((name) => (isTime(name) ? labelOf(date) : value));
        const row = rows.get(keyOf(key)) ?? { key, counts: places.map(() => 0) };
        rows.set(keyOf(key), row);
        for (const [index, place] of places.entries()) row.counts[index]! += counts[place] ?? 0;
      }
    }
  }
  return { rows: [...rows.values()] };
}

const skipped = (reason: string): AddedHistory => ({
  key: reason,
  load: () => Promise.resolve(),
  table: () => ({ rows: [] }),
  untold: new Set(),
  meta: { imports_included: false, imports_skip_reason: reason },
});

function noteOn(used: readonly History[], untold: readonly string[], until: string): string {
  const tools = [...new Set(used.map(({ tool }) => HISTORY_TOOLS[tool]))].join(" and ");
  const before = until === NEVER ? "" : `before ${until} `;
  const rest = untold.length > 0 ? `; ${untold.join(", ")} count own events alone` : "";
  return `days ${before}are imported from ${tools}, visitors of days added up${rest}`;
}

/** After every date. */
const NEVER = "9999-12-31";

export type HistoryFacts = HistoryPorts & CalendarFacts;

/** Null where no day of the question is told by a history. */
export function historyFor(
  { normal, plan }: { normal: NormalQuery; plan: Plan },
  facts: HistoryFacts,
): AddedHistory | null {
  const { earliest, site } = facts;
  const until = earliest === undefined ? NEVER : localDate(earliest, site.timeZone).toString();
  const groups = groupsOf(plan);
  const isNear = (group: GroupPlan) =>
    daysOf(group).some((day) => day < until && facts.all.some(({ from, to }) => from <= day && day <= to));
  if (!groups.some(isNear)) return null;
  const refusal = refusalOf(normal);
  if (refusal) return skipped(refusal);
  const sources = new Map(groups.map((group) => [group, sourcesOf(group, facts.all, until)] as const));
  const used = [...new Set([...sources.values()].flat().map(({ history }) => history))];
  const [main] = groups;
  if (used.length === 0) return skipped(`no imported history tells of ${panelIn(main!)}`);
  const tellsOf = (group: GroupPlan, measures: readonly Measure[]) =>
    sources.get(group)!.every((one) => measures.every((measure) => tells(one, group, measure)));
  const periods = [plan.main, plan.comparison].filter((period) => period !== null);
  const isTold = ({ from, bases, figures }: NormalQuery["metrics"][number]) =>
    figures.length === 0 &&
    periods.every(
      (period) =>
        tellsOf(period.groups, from) &&
        bases.every((base) => tellsOf(period.bases[base]!, period.bases[base]!.measures)),
    );
  const untold = normal.metrics.filter((metric) => !isTold(metric));
  if (untold.length === normal.metrics.length) {
    return skipped(`the imported history does not tell ${untold.map(({ name }) => name).join(", ")}`);
  }
  const tables = new Map<GroupPlan, Table>();
  const names = untold.map(({ name }) => name);
  return {
    key: JSON.stringify([used.map(({ id, createdAt }) => [id, createdAt]), until]),
    async load() {
      for (const [group, own] of sources) tables.set(group, await tableOf(group, own, facts));
    },
    table: (group) => tables.get(group) ?? { rows: [] },
    untold: new Set(names),
    meta: {
      imports_included: true,
      imports: used.map(({ id, tool, name, from, to }) => ({ id, tool, name, from, to })),
      notes: [{ code: "imported", message: noteOn(used, names, until) }],
    },
  };
}
