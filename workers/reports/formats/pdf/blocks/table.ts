import { bandsOf, needsOf, placedColumns } from "../columns.ts";
import type { BlockOf } from "../draw-block.ts";
import { NOTE } from "../look.ts";
import { CELL, type Cell, drawRows, HEAD } from "../rows.ts";
import type { Sheet } from "../sheet.ts";

export function table(sheet: Sheet, block: BlockOf<"table">): void {
  const { columns, rows, more } = block;
  const needs = needsOf(block, sheet.writer, { head: HEAD, cell: CELL });
  for (const [band, places] of bandsOf(needs).entries()) {
    if (band > 0) sheet.y += 10;
    const placed = placedColumns(places, needs);
    const cell = (text: string, style: Cell["style"], { x, width, align }: (typeof placed)[number]): Cell => ({
      text,
      style,
      x,
      width,
      align,
    });
    const heads = placed.map((column) => cell(columns[column.place]!.label, HEAD, column));
    const cells = rows.map((row) => placed.map((column) => cell(row[column.place]?.text ?? "", CELL, column)));
    drawRows(sheet, heads, cells, { isRuled: true });
  }
  if (more > 0) {
    sheet.y += 4;
    sheet.write(`and ${more} more`, NOTE);
  }
}
