import type { Finding, QualityCheck } from "../finding.ts";
import { exactShape, looseShape } from "../text-shape.ts";
import { meansNothing, type ProfiledColumn, tally } from "../value-table.ts";

/** A shape this common is one of the column's own; all such together must cover the column. */
const OWN_SHARE = 0.05;
const COVERED = 0.95;
/** A shape this rare is foreign to a column that is covered. */
const RARE_SHARE = 0.01;
/** Where this share of the values has one length, the length is part of the form. */
const FIXED_SHARE = 0.95;
const LEAST_VALUES = 30;
/** A number is as good as another, but whole ones of one length and so many digits are codes. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const CODE = /^9{4,}$/;
/** A value that comes this often is no slip. */
const HABIT = 5;

interface Form {
  shapeOf(text: string): string;
  /** Shapes of the column's own, the most frequent first; empty where it has no form. */
  own: string[];
  rare: ReadonlySet<string>;
}

function formOf(column: ProfiledColumn, shapeOf: (text: string) => string, least: number): Form {
  const texts = column.texts.filter((text) => !meansNothing(text));
  const shapes = [...tally(texts.map(shapeOf))].sort((a, b) => b[1] - a[1]);
  const own = shapes.filter(([, count]) => count >= OWN_SHARE * texts.length);
  const covered = own.reduce((sum, [, count]) => sum + count, 0) / texts.length;
  const rare = shapes.filter(([, count]) => count <= Math.max(1, RARE_SHARE * texts.length)).map(([shape]) => shape);
  return { shapeOf, own: covered >= least ? own.map(([shape]) => shape) : [], rare: new Set(rare) };
}

function strangers(column: ProfiledColumn, form: Form, confidence: number): Finding[] {
  if (form.own.length === 0) return [];
  const numeric = form.own.every((shape) => NUMBER.test(shape) && !CODE.test(shape));
  return column.texts.flatMap((text, row) => {
    if (meansNothing(text) || (column.counts.get(text) ?? 0) >= HABIT) return [];
    if (numeric && NUMBER.test(text)) return [];
    const shape = form.shapeOf(text);
    if (!form.rare.has(shape) || form.own.includes(shape)) return [];
    const reason = `looks like ${shape}; values of ${column.name} look like ${form.own.slice(0, 3).join(" or ")}`;
    return [{ row, column: column.name, fault: "malformed", confidence, suggestion: null, reason }];
  });
}

/** Learns what values of a column are made of, and finds those made of something else: `3595x` among postal codes. */
export const malformed: QualityCheck = {
  label: "Form",
  about: "values that are made of other signs than nearly all of their column",
  run: ({ columns }) =>
    columns.flatMap((column) => {
      if (column.filled < LEAST_VALUES) return [];
      const loose = strangers(column, formOf(column, looseShape, COVERED), 0.8);
      const seen = new Set(loose.map(({ row }) => row));
      const exact = formOf(column, exactShape, FIXED_SHARE);
      const fixed = exact.own.length === 1 ? strangers(column, exact, 0.7) : [];
      return [...loose, ...fixed.filter(({ row }) => !seen.has(row))];
    }),
};
