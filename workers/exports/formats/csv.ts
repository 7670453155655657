/// <reference path="../papaparse.d.ts" />
import Papa from "papaparse";
import { bytesOf, defineFormat } from "../format.ts";
import type { Cell, Column } from "../table.ts";

const LINE_END = "\r\n";

/** What a spreadsheet would take for a formula is led by an apostrophe; numbers are numbers. */
function lines(rows: (Cell | string)[][]): string {
  return Papa.unparse(rows, { newline: LINE_END, escapeFormulae: /^[=+\-@\t\r]/ }) + LINE_END;
}

function shown(row: Cell[], columns: readonly Column[]): (Cell | string)[] {
  return row.map((cell, place) =>
    columns[place]!.type === "time" && typeof cell === "number" ? new Date(cell).toISOString() : cell,
  );
}

export const csv = defineFormat({
  label: "CSV",
  type: "text/csv",
  ending: "csv",
  async *write({ facts, columns, rows }) {
    const about = facts.map(([label, value]) => `# ${label}: ${value.replaceAll(/[\r\n]+/g, " ")}${LINE_END}`).join("");
    yield bytesOf(about + lines([columns.map(({ name }) => name)]));
    for await (const some of rows) {
      if (some.length > 0) yield bytesOf(lines(some.map((row) => shown(row, columns))));
    }
  },
});
