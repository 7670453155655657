import { parquetWriteBuffer } from "hyparquet-writer";
import type { ReportDocument, Shown } from "../../domain/report-document.ts";
import { factsOf, tableOf, wordsOf } from "./block-table.ts";
import { defineReportFormat } from "./format.ts";

interface LongRow {
  section: string;
  title: string;
  /** Of the section, from 0. */
  block: number;
  kind: string;
  /** Of the block, from 0. */
  row: number;
  column: string;
  value: number | null;
  text: string | null;
}

const numberOf = ({ value }: Shown): number | null => (typeof value === "number" ? value : null);

/** A row for each cell and each line of words, behind what the report is about. */
export function longRows(document: ReportDocument): LongRow[] {
  const about = factsOf(document).map(
    ([column, text]): LongRow => ({
      section: "",
      title: document.title,
      block: 0,
      kind: "about",
      row: 0,
      column,
      value: null,
      text,
    }),
  );
  const parts = document.parts.flatMap(({ id, title, blocks }) =>
    blocks.flatMap((block, place): LongRow[] => {
      const own = { section: id, title, block: place, kind: block.kind };
      const table = tableOf(block);
      const cells = (table?.rows ?? []).flatMap((row, at) =>
        row.map((cell, column): LongRow => {
          const label = table?.columns[column]?.label ?? "";
          return { ...own, row: at, column: label, value: numberOf(cell), text: cell.text };
        }),
      );
      const after = table?.rows.length ?? 0;
      const words = wordsOf(block).map(
        (text, at): LongRow => ({ ...own, row: after + at, column: "", value: null, text }),
      );
      return [...cells, ...words];
    }),
  );
  return [...about, ...parts];
}

const COLUMNS = {
  section: "STRING",
  title: "STRING",
  block: "INT32",
  kind: "STRING",
  row: "INT32",
  column: "STRING",
  value: "DOUBLE",
  text: "STRING",
} as const satisfies Record<keyof LongRow, string>;

/** Each cell is a row, so that reports of any sections are read by one query. */
export const parquet = defineReportFormat({
  label: "Parquet",
  contentType: "application/vnd.apache.parquet",
  extension: "parquet",
  async write(document) {
    const rows = longRows(document);
    const names = Object.keys(COLUMNS) as (keyof LongRow)[]; // its own keys
    const columnData = names.map((name) => ({
      name,
      type: COLUMNS[name],
      nullable: name === "value" || name === "text",
      data: rows.map((row) => {
        const cell = row[name];
        return typeof cell === "string" ? cell.toWellFormed() : cell;
      }),
    }));
    return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: "edgewise" }));
  },
});
