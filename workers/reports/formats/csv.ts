/// <reference path="../../exports/papaparse.d.ts" />
import Papa from "papaparse";
import { cellOf, factsOf, tableOf, wordsOf } from "./block-table.ts";
import { defineReportFormat } from "./format.ts";

const LINE_END = "\r\n";

type Line = (string | number | null)[];

/** What a spreadsheet would take for a formula is led by an apostrophe; numbers are numbers. */
function lines(rows: Line[]): string {
  if (rows.length === 0) return "";
  return Papa.unparse(rows, { newline: LINE_END, escapeFormulae: /^[=+\-@\t\r]/ }) + LINE_END;
}

/** One file: what it is about in comment lines, then each part, led by an empty line and its title. */
export const csv = defineReportFormat({
  label: "CSV",
  contentType: "text/csv; charset=utf-8",
  extension: "csv",
  async write(document) {
    const about = factsOf(document).map(
      ([label, value]) => `# ${label}: ${value.replaceAll(/[\r\n]+/g, " ")}${LINE_END}`,
    );
    const parts = document.parts.map(({ title, blocks }) => {
      const rows = blocks.flatMap((block): Line[] => {
        const table = tableOf(block);
        const words = wordsOf(block).map((text): Line => [text]);
        if (!table) return words;
        return [table.columns.map(({ label }) => label), ...table.rows.map((row) => row.map(cellOf)), ...words];
      });
      return LINE_END + lines([...(title === "" ? [] : [[title]]), ...rows]);
    });
    return new TextEncoder().encode(about.join("") + parts.join(""));
  },
});
