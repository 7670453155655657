import { median } from "../../stats/median.ts";
import { robustScale } from "../../stats/robust-scale.ts";
import type { Finding, QualityCheck } from "../finding.ts";
import { meansNothing, type ProfiledColumn } from "../value-table.ts";

const LEAST_VALUES = 30;
/** Share of a column's values that must be numbers. */
const NUMERIC = 0.9;
/** Robust deviations, on the plain and, of what is positive, on the logarithmic scale as well. */
const FAR = 8;
/** More than this share is no outlier but another group. */
const OUTLIERS_AT_MOST = 0.01;

interface Cell {
  row: number;
  value: number;
}

/** Numbers, with or without a unit behind. */
const asNumber = (text: string): number =>
  Number(/^\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:%|\p{L}*\.?)\s*$/iu.exec(text)?.[1] ?? Number.NaN);

/** Numbers of one length, without sign or fraction, name things: postal codes, telephone numbers. */
const isCode = (texts: readonly string[]): boolean =>
  texts.every((text) => /^\d+$/.test(text)) && new Set(texts.map((text) => text.length)).size === 1;

function distances(values: readonly number[]): number[] {
  const centre = median(values);
  const scale = robustScale(values, centre);
  return values.map((value) => (scale > 0 ? Math.abs(value - centre) / scale : 0));
}

function findingsOf(column: ProfiledColumn): Finding[] {
  const texts = column.texts.filter((text) => !meansNothing(text));
  const cells: Cell[] = column.texts
    .map((text, row) => ({ row, value: asNumber(text) }))
    .filter(({ value }) => Number.isFinite(value));
  if (cells.length < LEAST_VALUES || cells.length < NUMERIC * column.filled || isCode(texts)) return [];
  const values = cells.map(({ value }) => value);
  const plain = distances(values);
  const positive = values.every((value) => value > 0);
  const logarithmic = positive ? distances(values.map(Math.log)) : plain;
  const far = cells.filter((_, index) => plain[index]! > FAR && logarithmic[index]! > FAR);
  if (far.length > Math.max(1, OUTLIERS_AT_MOST * cells.length)) return [];
  const usual = median(values);
  return far.map(({ row, value }) => ({
    row,
    column: column.name,
    fault: "outlier",
    confidence: 0.6,
    suggestion: null,
    reason: `${value} lies far from the usual ${usual} of ${column.name}`,
  }));
}

/** Numbers far from all others of their column, by median and median absolute deviation. */
export const outlier: QualityCheck = {
  label: "Outliers",
  about: "numbers more than eight robust deviations from the middle of their column",
  run: ({ columns }) => columns.flatMap(findingsOf),
};
