import { bandsOf, needsOf, placedColumns } from "../columns.ts";
import type { BlockOf } from "../draw-block.ts";
import { INK, tintOf } from "../look.ts";
import { CELL, type Cell, drawRows, HEAD, inkOn } from "../rows.ts";
import type { Sheet } from "../sheet.ts";
import type { TextStyle } from "../writer.ts";

const SMALL_HEAD: TextStyle = { ...HEAD, size: 7.5 };
const SMALL: TextStyle = { ...CELL, size: 7.5 };
/** Of the brand's colour, for the least and the greatest share. */
const PALEST = 0.06;
const FULLEST = 0.9;

export function grid(sheet: Sheet, { columns, rows }: BlockOf<"grid">): void {
  const shown = { columns, rows: rows.map(({ cells }) => cells) };
  const needs = needsOf(shown, sheet.writer, { head: SMALL_HEAD, cell: SMALL });
  const colourOf = (share: number | null | undefined): string | undefined => {
    if (share === null || share === undefined || !Number.isFinite(share)) return undefined;
    return tintOf(sheet.brand, PALEST + (FULLEST - PALEST) * Math.min(1, Math.max(0, share)));
  };
  for (const [band, places] of bandsOf(needs).entries()) {
    if (band > 0) sheet.y += 10;
    const placed = placedColumns(places, needs);
    const sideOf = (place: number) => (place === 0 ? "left" : "centre");
    const heads = placed.map(({ place, x, width }): Cell => {
      return { text: columns[place]!.label, style: SMALL_HEAD, x, width, align: sideOf(place) };
    });
    const cells = rows.map(({ cells: own, shares }) =>
      placed.map(({ place, x, width }): Cell => {
        const fill = place === 0 ? undefined : colourOf(shares[place - 1]);
        const style = { ...SMALL, colour: fill ? inkOn(fill) : INK };
        return { text: own[place]?.text ?? "", style, x, width, align: sideOf(place), ...(fill && { fill }) };
      }),
    );
    drawRows(sheet, heads, cells, { isRuled: false });
  }
}
