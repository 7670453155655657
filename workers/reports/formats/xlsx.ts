import writeXlsxFile, { type SheetData } from "write-excel-file/universal";
import type { ReportDocument } from "../../domain/report-document.ts";
import { type BlockTable, cellOf, factsOf, tableOf, wordsOf } from "./block-table.ts";
import { defineReportFormat } from "./format.ts";

const LONGEST_TEXT = 32_767;
const LONGEST_NAME = 31;
const WIDEST = 60;
const NARROWEST = 10;
const CHARACTER_WIDTH = 1.1;
const INK_ON_BRAND = { dark: "#1d2433", light: "#ffffff" } as const;

type ExcelCell = SheetData[number][number];

/** Without what XML cannot hold. */
function written(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, "")
    .slice(0, LONGEST_TEXT)
    .toWellFormed();
}

/** Text is typed as text, so nothing in it is ever taken for a formula. */
const textCell = (text: string): ExcelCell => ({ value: written(text), type: String });

function shownCell(cell: string | number | null): ExcelCell {
  if (cell === null) return null;
  return typeof cell === "number" ? { value: cell, type: Number } : textCell(cell);
}

/** Of a sheet: letters that Excel allows, not too long, and no other's. */
export function sheetName(title: string, taken: Set<string>): string {
  const plain = written(title)
    .replaceAll(/[[\]:*?/\\\s]+/gu, " ")
    .replaceAll(/^['\s]+|['\s]+$/g, "");
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? "" : ` ${count}`;
    const start = (plain || "Table").slice(0, LONGEST_NAME - ending.length).toWellFormed();
    const name = start.replace(/['\s]+$/, "") + ending;
    // Excel keeps "History" for itself, and tells no capitals apart.
    if (name.toLowerCase() === "history" || taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

/** Black or white, whichever is read more easily on a colour. */
function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return red! * 0.299 + green! * 0.587 + blue! * 0.114 > 150 ? INK_ON_BRAND.dark : INK_ON_BRAND.light;
}

function widthOf(texts: readonly string[]): number {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(longest * CHARACTER_WIDTH) + 2));
}

const ROWS_FOR_WIDTH = 200;

function tableSheet(sheet: string, { columns, rows }: BlockTable, colour: string) {
  const head = columns.map(
    ({ label, type }): ExcelCell => ({
      value: written(label),
      type: String,
      fontWeight: "bold",
      backgroundColor: colour,
      textColor: inkOn(colour),
      align: type === "number" ? "right" : "left",
    }),
  );
  const some = rows.slice(0, ROWS_FOR_WIDTH);
  return {
    sheet,
    data: [head, ...rows.map((row) => row.map((cell) => shownCell(cellOf(cell))))],
    columns: columns.map(({ label }, place) => ({
      width: widthOf([label, ...some.map((row) => row[place]?.text ?? "")]),
    })),
    stickyRowsCount: 1,
  };
}

function sheetsOf(document: ReportDocument) {
  const taken = new Set<string>(["report"]);
  const { colour } = document.brand;
  const told: SheetData = factsOf(document).map(([label, value], place) => [
    { value: label, type: String, fontWeight: "bold" },
    { value: written(value), type: String, ...(place === 0 && { fontWeight: "bold" }) },
  ]);
  const tables = [];
  for (const { title, blocks } of document.parts) {
    told.push([null], [{ value: written(title), type: String, fontWeight: "bold" }]);
    for (const block of blocks) {
      const table = tableOf(block);
      if (table) {
        const own = block.kind === "picture" && block.picture.title !== "" ? block.picture.title : title;
        const name = sheetName(own, taken);
        told.push([null, textCell(`sheet “${name}”`)]);
        tables.push(tableSheet(name, table, colour));
      }
      for (const line of wordsOf(block)) told.push([null, { value: written(line), type: String, wrap: true }]);
    }
  }
  const first = { sheet: "Report", data: told, columns: [{ width: 24 }, { width: 90 }] };
  return [first, ...tables];
}

/** What is said in words on the first sheet, and a sheet for each table. */
export const xlsx = defineReportFormat({
  label: "Excel",
  contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  extension: "xlsx",
  async write(document) {
    const file = await writeXlsxFile(sheetsOf(document)).toBlob();
    return new Uint8Array(await file.arrayBuffer());
  },
});
