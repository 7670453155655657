// Gathers the rows of an export by panel, day and value; equal ones are added up.
import {
  HISTORY_MEASURES,
  type HistoryContent,
  type HistoryDay,
  type HistoryMeasure,
  type HistoryRow,
  type HistoryTool,
  WHOLE_DAYS,
} from "../domain/history.ts";

import { type Repeats, repeatNotes } from "./repeated-lines.ts";

/** An isolate has 128 MB. */
export const MOST_ROWS = 300_000;
const VALUE_CHARS = 2000;

type Counts = Partial<Record<HistoryMeasure, number>>;
type Days = Map<string, Map<string, number[]>>;

interface Panel {
  days: Days;
  measures: Set<HistoryMeasure>;
  rows: number;
}

export interface Gathering {
  panels: Map<string, Panel>;
  rows: number;
  notes: Set<string>;
  /** By file. */
  repeats: Map<string, Repeats>;
  /** The last date that it can be anywhere by now. */
  today: string;
}

const FURTHEST_EAST_MS = 14 * 3_600_000;

export const newGathering = (now: number): Gathering => ({
  panels: new Map(),
  rows: 0,
  notes: new Set(),
  repeats: new Map(),
  today: new Date(now + FURTHEST_EAST_MS).toISOString().slice(0, 10),
});

function panelOf({ panels }: Gathering, name: string): Panel {
  const known = panels.get(name);
  if (known) return known;
  const made: Panel = { days: new Map(), measures: new Set(), rows: 0 };
  panels.set(name, made);
  return made;
}

/** Adds what a line tells of a value on a day. */
export function addLine(into: Gathering, at: { panel: string; date: string; value: string }, counts: Counts): void {
  const panel = panelOf(into, at.panel);
  const day = panel.days.get(at.date) ?? new Map<string, number[]>();
  panel.days.set(at.date, day);
  const value = at.value.slice(0, VALUE_CHARS);
  let row = day.get(value);
  if (!row) {
    row = HISTORY_MEASURES.map(() => 0);
    day.set(value, row);
    panel.rows++;
    into.rows++;
  }
  for (const [index, measure] of HISTORY_MEASURES.entries()) {
    const count = counts[measure];
    if (count === undefined) continue;
    panel.measures.add(measure);
    row[index]! += count;
  }
}

/** Of each of these every visit has one value, so that they add up to the day. */
const ONE_A_VISIT = ["visit:source", "visit:country", "visit:device", "visit:browser", "visit:os"];

/** Whole days, where the export has no report of them. Visitors are left out: one may have several values. */
function addWholeDays(gathering: Gathering): void {
  const { panels, notes } = gathering;
  const name = [...ONE_A_VISIT, "event:page"].find((one) => panels.has(one));
  if (panels.has(WHOLE_DAYS) || name === undefined) return;
  const { days, measures } = panels.get(name)!;
  const usable = HISTORY_MEASURES.filter(
    (measure) => measures.has(measure) && (name === "event:page" ? measure === "pageviews" : measure !== "visitors"),
  );
  for (const [date, rows] of days) {
    for (const row of rows.values()) {
      const counts = Object.fromEntries(usable.map((one) => [one, row[HISTORY_MEASURES.indexOf(one)]!]));
      addLine(gathering, { panel: WHOLE_DAYS, date, value: "" }, counts);
    }
  }
  notes.add("the export has no report by day alone: whole days are the sums of another report, without visitors");
}

function totalsOf({ panels }: Gathering): HistoryContent["totals"] {
  const panel = panels.get(WHOLE_DAYS);
  const sums = HISTORY_MEASURES.map((measure, index) => {
    if (!panel?.measures.has(measure)) return [measure, null];
    const rows = [...panel.days.values()].flatMap((day) => [...day.values()]);
    return [measure, rows.reduce((sum, row) => sum + row[index]!, 0)];
  });
  return Object.fromEntries(sums);
}

function* daysOf({ panels }: Gathering): Generator<HistoryDay> {
  for (const [panel, { days }] of panels) {
    for (const [date, rows] of days) {
      yield { panel, date, rows: [...rows].map(([value, counts]): HistoryRow => [value, ...counts]) };
    }
  }
}

export interface ReadHistory {
  content: HistoryContent;
  days(): Iterable<HistoryDay>;
}

/** Null when there is not one day in it. */
export function gathered(gathering: Gathering, tool: HistoryTool): ReadHistory | null {
  addWholeDays(gathering);
  const dates = [...new Set([...gathering.panels.values()].flatMap(({ days }) => [...days.keys()]))].sort();
  const [from, to] = [dates[0], dates.at(-1)];
  if (from === undefined || to === undefined) return null;
  const panels = [...gathering.panels].map(([panel, { measures, rows }]) => ({
    panel,
    measures: HISTORY_MEASURES.filter((one) => measures.has(one)),
    rows,
  }));
  const repeats = [...gathering.repeats].flatMap(([file, own]) => repeatNotes(file, own));
  return {
    content: { tool, from, to, panels, totals: totalsOf(gathering), notes: [...gathering.notes, ...repeats] },
    days: () => daysOf(gathering),
  };
}
