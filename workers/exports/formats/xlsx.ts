import writeXlsxFile, { type SheetData } from "write-excel-file/universal";
import { defineFormat } from "../format.ts";
import type { Cell, Column } from "../table.ts";

/** A sheet holds 1,048,576 rows, and the file is made in memory. */
const MOST_ROWS = 200_000;
const LONGEST_TEXT = 32_767;
const CHARACTER_WIDTH = 1.1;

type ExcelCell = SheetData[number][number];

const bold = (value: string): ExcelCell => ({ value, fontWeight: "bold" });

/** Text is typed as text, so nothing in it is ever taken for a formula. */
function excelCell(cell: Cell, { type }: Column): ExcelCell {
  if (cell === null) return null;
  if (typeof cell === "string") return { value: cell.slice(0, LONGEST_TEXT), type: String };
  if (type === "time") return { value: new Date(cell), type: Date, format: "yyyy-mm-dd hh:mm:ss" };
  return { value: cell, type: Number };
}

export const xlsx = defineFormat({
  label: "Excel",
  type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ending: "xlsx",
  async *write({ facts, columns, rows }) {
    const data: SheetData = [columns.map(({ name }) => bold(name))];
    for await (const some of rows) {
      for (const row of some) data.push(row.map((cell, place) => excelCell(cell, columns[place]!)));
      if (data.length > MOST_ROWS) throw new Error(`an Excel file takes ${MOST_ROWS} rows; ask for CSV or Parquet`);
    }
    const width = (name: string) => Math.max(12, Math.ceil(name.length * CHARACTER_WIDTH));
    const about: SheetData = facts.map(([label, value]) => [bold(label), { value, type: String }]);
    const file = await writeXlsxFile([
      { data, sheet: "Data", columns: columns.map(({ name }) => ({ width: width(name) })), stickyRowsCount: 1 },
      { data: about, sheet: "About", columns: [{ width: 16 }, { width: 60 }] },
    ]).toBlob();
    yield* file.stream();
  },
});
