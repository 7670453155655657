// Tables of an export, whatever they are written in: cells by line, and what is wrong where.
/// <reference path="../exports/papaparse.d.ts" />
import Papa from "papaparse";
import type { FieldError } from "../domain/errors.ts";
import type { HistoryMeasure } from "../domain/history.ts";
import { addLine, type Gathering, MOST_ROWS } from "./content.ts";
import { repeatFinder } from "./repeated-lines.ts";

export interface Line {
  /** From 1. */
  line: number;
  cells: string[];
}

/** What of a table becomes what. */
export interface Columns {
  file: string;
  header: readonly string[];
  /** The day of a line; a text says what is wrong with it, null that the line is none of a day. */
  date: { column: string; read(cell: string): { date: string } | string | null };
  /** An empty list is of whole days. */
  panels: readonly { panel: string; column: string; read?(cell: string): string }[];
  measures: readonly { measure: HistoryMeasure; column: string; read?(count: number, cell: CellOf): number }[];
}

/** The number in another column of the same line. */
export type CellOf = (column: string) => number;

const MOST_ERRORS = 20;
const WHOLE = "total";

/** `2024-03-28`, and a day that there is. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Lines of CSV; a line is where its record begins. */
export function eachLine(text: string, take: (line: Line) => void): void {
  let line = 1;
  Papa.parse(text, {
    delimiter: ",",
    step({ data }) {
      if (data.length > 1 || data[0] !== "") take({ line, cells: data });
      line += 1 + data.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
    },
  });
}

/** A count as exports write it: digits, a fraction, nothing for zero. */
function numberOf(cell: string | undefined): number | null {
  const text = (cell ?? "").trim();
  if (text === "") return 0;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** Takes lines into the gathering and notes what is wrong with them. */
export function lineTaker(columns: Columns, into: Gathering, errors: FieldError[]): (line: Line) => void {
  const places = new Map(columns.header.map((name, place) => [name, place]));
  const cell = ({ cells }: Line, column: string) => cells[places.get(column) ?? -1] ?? "";
  const wrong = ({ line }: Line, column: string, message: string) => {
    if (errors.length < MOST_ERRORS) errors.push({ path: `${columns.file}:${line}:${column}`, message });
  };
  const countsOf = (line: Line) => {
    const counts: Partial<Record<HistoryMeasure, number>> = {};
    const other: CellOf = (column) => numberOf(cell(line, column)) ?? 0;
    for (const { measure, column, read } of columns.measures) {
      const count = numberOf(cell(line, column));
      if (count === null) {
        wrong(line, column, `“${cell(line, column).slice(0, 40)}” is not a count: give a number of 0 or more`);
        return null;
      }
      counts[measure] = read ? read(count, other) : count;
    }
    return counts;
  };
  const repeats = into.repeats.get(columns.file) ?? { same: 0, again: 0 };
  into.repeats.set(columns.file, repeats);
  const repeated = repeatFinder(new Set(columns.measures.map(({ column }) => places.get(column) ?? -1)));
  return (line) => {
    if (errors.length >= MOST_ERRORS) return;
    const day = columns.date.read(cell(line, columns.date.column).trim());
    if (day === null) return;
    if (typeof day === "string") return wrong(line, columns.date.column, day);
    if (day.date > into.today) {
      return wrong(line, columns.date.column, `${day.date} is still to come: history is of days that are over`);
    }
    const counts = countsOf(line);
    if (!counts) return;
    const repeat = repeated(line.cells);
    if (repeat) repeats[repeat]++;
    if (repeat === "same") return;
    if (columns.panels.length === 0) return addLine(into, { panel: WHOLE, date: day.date, value: "" }, counts);
    for (const { panel, column, read } of columns.panels) {
      const text = cell(line, column);
      addLine(into, { panel, date: day.date, value: read ? read(text) : text }, counts);
    }
    if (into.rows > MOST_ROWS) {
      errors.splice(0, errors.length, { path: columns.file, message: TOO_MANY });
      errors.length = 1;
    }
  };
}

const TOO_MANY = `the export has more than ${MOST_ROWS} values of days; export a shorter period, and import one after the other`;
