import { CELL_PADDING, needsOf, placedColumns } from "../columns.ts";
import type { BlockOf } from "../draw-block.ts";
import { CONTENT_WIDTH, PAGE, tintOf } from "../look.ts";
import { CELL, type Cell, drawRows, HEAD } from "../rows.ts";
import type { Sheet } from "../sheet.ts";

const BAR_WIDTH = 150;
const TRACK = 0.1;
const THICK = 9;

/** The first column, a bar, and the others. */
export function bars(sheet: Sheet, { columns, rows }: BlockOf<"bars">): void {
  const { doc, writer, brand } = sheet;
  const needs = needsOf({ columns, rows: rows.map(({ cells }) => cells) }, writer, { head: HEAD, cell: CELL });
  const placed = placedColumns([...needs.keys()], needs, CONTENT_WIDTH - BAR_WIDTH);
  const [first] = placed;
  if (!first) return;
  const moved = placed.map((column, at) => (at === 0 ? column : { ...column, x: column.x + BAR_WIDTH }));
  const heads = moved.map(({ place, ...box }): Cell => ({ text: columns[place]!.label, style: HEAD, ...box }));
  const cells = rows.map(({ cells: own }) =>
    moved.map(({ place, ...box }): Cell => ({ text: own[place]?.text ?? "", style: CELL, ...box })),
  );
  const x = PAGE.left + first.width + CELL_PADDING;
  const most = BAR_WIDTH - 2 * CELL_PADDING;
  drawRows(sheet, heads, cells, {
    isRuled: true,
    decorate(row, y, height) {
      const share = Math.min(1, Math.max(0, rows[row]!.share || 0));
      const top = y + (height - THICK) / 2;
      doc.roundedRect(x, top, most, THICK, 2).fill(tintOf(brand, TRACK));
      if (share > 0) doc.roundedRect(x, top, Math.max(1.5, most * share), THICK, Math.min(2, most * share)).fill(brand);
    },
  });
}
