import type { QualityCheck } from "../finding.ts";
import { tally } from "../value-table.ts";

const LEAST_VALUES = 20;
/** A column of measures: this share is a number with a unit or without. */
const MEASURES = 0.9;
/** The unit of this share is the column's; what has another one is rare enough to be a slip. */
const OWN = 0.8;

const MEASURE = /^\s*(-?\d+(?:[.,]\d+)?)\s*([\p{L}%°€$£µ"']*\.?)\s*$/u;

/** Measures in another unit than the column's, or with one where the others have none. */
export const otherUnit: QualityCheck = {
  label: "Units",
  about: "measures whose unit is not that of their column",
  run: ({ columns }) =>
    columns.flatMap(({ name, texts, filled }) => {
      const cells = texts.flatMap((text, row) => {
        const [, number, unit] = MEASURE.exec(text) ?? [];
        return number === undefined || unit === undefined ? [] : [{ row, number, unit }];
      });
      if (filled < LEAST_VALUES || cells.length < MEASURES * filled) return [];
      const units = [...tally(cells.map(({ unit }) => unit))].sort((a, b) => b[1] - a[1]);
      const [own = "", count = 0] = units[0] ?? [];
      if (count < OWN * cells.length || units.length === 1) return [];
      const named = own === "" ? "no unit" : own;
      return cells.flatMap(({ row, number, unit }) =>
        unit === own
          ? []
          : [
              {
                row,
                column: name,
                fault: "other_unit",
                confidence: 0.7,
                suggestion: own === "" || unit === "" ? `${number}${own}` : null,
                reason: `${unit === "" ? "no unit" : unit} where ${count} of ${cells.length} rows have ${named}`,
              },
            ],
      );
    }),
};
