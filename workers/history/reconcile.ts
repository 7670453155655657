// Their counts of days, pages and sources beside ours, and what explains the difference.
import { HISTORY_MEASURES, type History, type HistoryMeasure, type HistoryRow } from "../domain/history.ts";
import {
  COMPARED,
  type Compared,
  type ComparedCounts,
  type ComparedList,
  type ComparedRow,
  type Reconciliation,
} from "../domain/reconciliation.ts";
import { type Evidence, explain, isOfBoth } from "./explain.ts";

/** What we count on a day, of a page or source or of all of it. */
export interface OwnRow {
  date: string;
  value: string;
  /** In the order of `COMPARED`. */
  counts: readonly number[];
}

export interface Theirs {
  days: readonly { date: string; rows: readonly HistoryRow[] }[];
  /** What of each the export tells. */
  measures: readonly HistoryMeasure[];
}

export interface Reconciling {
  history: History;
  from: string;
  to: string;
  timeZone: string;
  /** Null where the export has no such panel. */
  theirs: { days: Theirs | null; pages: Theirs | null; sources: Theirs | null };
  /** In the zone of theirs; `visitors` distinct over all days. */
  ours: Record<"days" | "pages" | "sources", readonly OwnRow[]> & { visitors: number };
  /** In the site's own, where that is another. */
  ownZone: { timeZone: string; days: readonly OwnRow[] } | null;
  isExcluded(page: string): boolean;
  drops: Evidence["drops"];
}

const MOST_LISTED = 500;

const each = (of: (measure: Compared, place: number) => number | null): ComparedCounts => ({
  visitors: of("visitors", 0),
  visits: of("visits", 1),
  pageviews: of("pageviews", 2),
});

const NOTHING = each(() => null);

const countsOf = (row: readonly number[], measures: readonly HistoryMeasure[]): ComparedCounts =>
  each((one) => (measures.includes(one) ? row[HISTORY_MEASURES.indexOf(one)]! : null));

const sumOf = (a: ComparedCounts, b: ComparedCounts): ComparedCounts =>
  each((one) => (a[one] === null && b[one] === null ? null : (a[one] ?? 0) + (b[one] ?? 0)));

/** Visitors of days are added up on both sides, since exports know no others. */
function summed(rows: Iterable<readonly [key: string, counts: ComparedCounts]>): Map<string, ComparedCounts> {
  const sums = new Map<string, ComparedCounts>();
  for (const [key, counts] of rows) sums.set(key, sumOf(sums.get(key) ?? NOTHING, counts));
  return sums;
}

interface Dated {
  date: string;
  value: string;
  counts: ComparedCounts;
}

const theirRows = ({ days, measures }: Theirs): Dated[] =>
  days.flatMap(({ date, rows }) =>
    rows.map(([value, ...counts]) => ({ date, value, counts: countsOf(counts, measures) })),
  );

const ownRows = (rows: readonly OwnRow[]): Dated[] =>
  rows.map(({ date, value, counts }) => ({ date, value, counts: each((_, place) => counts[place] ?? 0) }));

function beside(theirs: readonly Dated[], ours: readonly Dated[], by: "date" | "value"): ComparedRow[] {
  const [own, other] = [ours, theirs].map((rows) => summed(rows.map((row) => [row[by], row.counts] as const)));
  const all = theirs.map(({ counts }) => counts).reduce(sumOf, NOTHING);
  // What is told of others is zero where it is not told of this one.
  const none = each((one) => (all[one] === null ? null : 0));
  const nothing = each(() => 0);
  return [...new Set([...other!.keys(), ...own!.keys()])].map((value) => ({
    value,
    theirs: other!.get(value) ?? none,
    ours: own!.get(value) ?? nothing,
  }));
}

function listOf(rows: readonly ComparedRow[], by: "pageviews" | "visits"): ComparedList {
  const gap = ({ theirs, ours }: ComparedRow) => Math.abs((theirs[by] ?? 0) - (ours[by] ?? 0));
  const size = ({ theirs, ours }: ComparedRow) => Math.max(theirs[by] ?? 0, ours[by] ?? 0);
  const inOrder = rows.toSorted((a, b) => gap(b) - gap(a) || size(b) - size(a) || (a.value < b.value ? -1 : 1));
  return { rows: inOrder.slice(0, MOST_LISTED), total: rows.length };
}

const UNTRACEABLE = [
  "a script that was blocked here but not there, or the other way round, leaves no event",
  "bots that the other tool filters and this one does not know",
  "events that either side lost",
];

function besideByDay(theirs: Theirs | null, ours: readonly OwnRow[]): ComparedRow[] {
  const rows = beside(theirs ? theirRows(theirs) : [], ownRows(ours), "date");
  return rows.toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function besideByValue(theirs: Theirs | null, ours: readonly OwnRow[]): ComparedRow[] | null {
  return theirs && beside(theirRows(theirs), ownRows(ours), "value");
}

export function reconcile(asked: Reconciling): Reconciliation {
  const { history, from, to, timeZone, theirs, ours } = asked;
  const days = besideByDay(theirs.days, ours.days);
  const pages = besideByValue(theirs.pages, ours.pages);
  const sources = besideByValue(theirs.sources, ours.sources);
  const shared = new Set(days.filter(isOfBoth).map(({ value }) => value));
  const isShared = ({ date }: { date: string }) => shared.has(date);
  const evidence = {
    ...asked,
    days,
    ownZone: asked.ownZone && { ...asked.ownZone, days: besideByDay(theirs.days, asked.ownZone.days) },
    pages: besideByValue(
      theirs.pages && { ...theirs.pages, days: theirs.pages.days.filter(isShared) },
      ours.pages.filter(isShared),
    ),
    visitors: ours.visitors,
  };
  const explained = COMPARED.map((measure) => explain(evidence, measure));
  const told = (side: "theirs" | "ours") => each((_, place) => explained[place]![side]);
  return {
    history: { id: history.id, tool: history.tool, name: history.name },
    from,
    to,
    timeZone,
    totals: { value: "", theirs: told("theirs"), ours: told("ours") },
    explained,
    days,
    pages: pages && listOf(pages, "pageviews"),
    sources: sources && listOf(sources, "visits"),
    untraceable: UNTRACEABLE,
  };
}
