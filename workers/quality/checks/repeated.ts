import type { Finding, QualityCheck } from "../finding.ts";
import { meansNothing, type ProfiledTable } from "../value-table.ts";

/** Rows that repeat this often are of a table in which rows may. */
const REPEATING_AT_MOST = 0.02;
/** A column nearly all of whose values are its own names the row. */
const NAMING = 0.98;
const LEAST_ROWS = 20;
/** Measures and times name nothing, whatever few of them are alike. */
const NO_NAME = /^-?\d+\.\d+(?:e[+-]?\d+)?$|^\d{4}-\d{2}-\d{2}|^\d{1,2}:\d{2}/i;

function wholeRows({ columns, rows }: ProfiledTable): Finding[] {
  const first = new Map<string, number>();
  const found: Finding[] = [];
  for (let row = 0; row < rows; row++) {
    const key = JSON.stringify(columns.map(({ values }) => values[row]));
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, row);
      continue;
    }
    const reason = `the same as row ${before}`;
    found.push({ row, column: null, fault: "repeated", confidence: 0.9, suggestion: null, reason });
  }
  return found.length <= REPEATING_AT_MOST * rows ? found : [];
}

/** Whole rows that occur again, and values that occur again in a column that names the rows. */
export const repeated: QualityCheck = {
  label: "Repeats",
  about: "rows that occur twice, and names of rows given twice",
  run(table) {
    if (table.rows < LEAST_ROWS) return [];
    const whole = wholeRows(table);
    const again = new Set(whole.map(({ row }) => row));
    const names = table.columns.filter(
      ({ counts, filled, texts }) =>
        filled === table.rows && counts.size >= NAMING * filled && !texts.some((text) => NO_NAME.test(text)),
    );
    const values = names.flatMap(({ name, texts, counts }) =>
      texts.flatMap((text, row): Finding[] => {
        if (again.has(row) || meansNothing(text) || (counts.get(text) ?? 0) < 2 || texts.indexOf(text) === row)
          return [];
        const reason = `${text} names row ${texts.indexOf(text)} already`;
        return [{ row, column: name, fault: "repeated", confidence: 0.6, suggestion: null, reason }];
      }),
    );
    return [...whole, ...values];
  },
};
