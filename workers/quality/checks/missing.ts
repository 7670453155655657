import type { Finding, QualityCheck } from "../finding.ts";
import { meansNothing, tally } from "../value-table.ts";

/** A column that is filled to this share is meant to be full. */
const FULL = 0.97;
/** Of the ways to write nothing, one that makes up this little of them is foreign. */
const FOREIGN = 0.1;
const LEAST_VALUES = 20;

/** Empty cells in columns that are else full, and unusual ways to write nothing. */
export const missing: QualityCheck = {
  label: "Missing values",
  about: "nothing where the column is full, or nothing written in another way than elsewhere",
  run: ({ columns, rows }) =>
    columns.flatMap(({ name, texts, filled }): Finding[] => {
      if (rows < LEAST_VALUES || filled === rows) return [];
      const empty = texts.flatMap((text, row) => (meansNothing(text) ? [{ text, row }] : []));
      if (filled >= FULL * rows) {
        const reason = `${name} is filled in all but ${empty.length} of ${rows} rows`;
        return empty.map(({ row }) => ({
          row,
          column: name,
          fault: "missing",
          confidence: 0.7,
          suggestion: null,
          reason,
        }));
      }
      const ways = tally(empty.map(({ text }) => text));
      const [usual = ""] = [...ways].reduce((best, each) => (each[1] > best[1] ? each : best));
      return empty.flatMap(({ text, row }) => {
        if ((ways.get(text) ?? 0) > FOREIGN * empty.length) return [];
        const reason = `nothing is written "${usual}" elsewhere in ${name}, here "${text}"`;
        return [{ row, column: name, fault: "missing", confidence: 0.6, suggestion: usual, reason }];
      });
    }),
};
