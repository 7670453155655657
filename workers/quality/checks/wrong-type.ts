import type { QualityCheck } from "../finding.ts";
import { type CellValue, meansNothing, tally } from "../value-table.ts";

const LEAST_VALUES = 20;
/** The type of a column is that of this share of its values. */
const OWN = 0.9;

type ValueType = "number" | "boolean" | "text";

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const BOOLEAN = /^(?:true|false)$/i;

/** What a value is; `written` says that it is only written so, as the text "12". */
function typeOf(value: CellValue): { type: ValueType; written: boolean } {
  if (typeof value === "number" || typeof value === "boolean")
    return { type: typeof value as ValueType, written: false }; // both are names of ours
  const text = String(value).trim();
  if (NUMBER.test(text)) return { type: "number", written: true };
  return { type: BOOLEAN.test(text) ? "boolean" : "text", written: true };
}

/** Values of another type than nearly all of their column, also a number that became a text. */
export const wrongType: QualityCheck = {
  label: "Types",
  about: "values of another type than nine in ten of their column",
  run: ({ columns }) =>
    columns.flatMap(({ name, values, texts, filled }) => {
      if (filled < LEAST_VALUES) return [];
      const cells = values.flatMap((value, row) =>
        meansNothing(texts[row] ?? "") ? [] : [{ row, value, ...typeOf(value) }],
      );
      const types = [...tally(cells.map(({ type }) => type))].sort((a, b) => b[1] - a[1]);
      const [own = "text", count = 0] = types[0] ?? [];
      if (count < OWN * cells.length) return [];
      const native = cells.filter(({ type, written }) => type === own && !written).length;
      const nativeColumn = own !== "text" && native >= OWN * count;
      return cells.flatMap(({ row, value, type, written }) => {
        if (type === own && !(nativeColumn && written)) return [];
        if (own === "text") return [];
        const reason =
          type === own
            ? `a ${own} written as text; ${name} holds ${own}s`
            : `a ${type}; ${name} holds ${own}s in ${count} of ${cells.length} rows`;
        const suggestion = type === own ? String(value).trim() : null;
        return [{ row, column: name, fault: "wrong_type", confidence: 0.8, suggestion, reason }];
      });
    }),
};
