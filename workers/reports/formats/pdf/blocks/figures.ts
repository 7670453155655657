import type { ReportFigure } from "../../../../domain/report-document.ts";
import type { BlockOf } from "../draw-block.ts";
import type { Line } from "../lines.ts";
import { CONTENT_WIDTH, FAINT, INK, PAGE, RULE, SHADE, TONES } from "../look.ts";
import type { Sheet } from "../sheet.ts";
import type { TextStyle } from "../writer.ts";

const LABEL: TextStyle = { size: 8.5, colour: FAINT };
const VALUE: TextStyle = { size: 19, colour: INK, isBold: true };
const SMALLER: TextStyle = { ...VALUE, size: 12 };
const CHANGE: TextStyle = { size: 9, colour: FAINT, isBold: true };
const BEFORE: TextStyle = { size: 8, colour: FAINT };
const PADDING = 10;
const GAP = 10;

interface TileLine {
  lines: Line[];
  style: TextStyle;
}

function linesOfTile({ writer }: Sheet, figure: ReportFigure, width: number): TileLine[] {
  const { label, now, before, change, tone, target } = figure;
  const line = (text: string, style: TextStyle): TileLine => ({ lines: writer.lines(text, style, width), style });
  const value = line(now.text, VALUE);
  return [
    line(label, LABEL),
    value.lines.length === 1 ? value : line(now.text, SMALLER),
    ...(change === null ? [] : [line(change, { ...CHANGE, colour: TONES[tone] })]),
    ...(before === null ? [] : [line(`before: ${before.text}`, BEFORE)]),
    ...(target === null ? [] : [line(target, BEFORE)]),
  ];
}

function heightOf({ writer }: Sheet, tile: readonly TileLine[]): number {
  return tile.reduce((sum, { lines, style }) => sum + lines.length * writer.leading(style), 2 * PADDING);
}

/** Three or four a row, whichever leaves fewer places empty. */
function columnsOf(count: number): number {
  if (count <= 4) return Math.max(1, count);
  return (4 - (count % 4)) % 4 <= (3 - (count % 3)) % 3 ? 4 : 3;
}

export function figures(sheet: Sheet, { figures: all }: BlockOf<"figures">): void {
  const { doc, writer } = sheet;
  const columns = columnsOf(all.length);
  const width = (CONTENT_WIDTH - GAP * (Math.max(columns, 3) - 1)) / Math.max(columns, 3);
  for (let start = 0; start < all.length; start += columns) {
    const row = all.slice(start, start + columns).map((figure) => linesOfTile(sheet, figure, width - 2 * PADDING));
    const height = Math.max(...row.map((tile) => heightOf(sheet, tile)));
    if (start > 0) sheet.y += GAP;
    sheet.room(height);
    for (const [place, tile] of row.entries()) {
      const x = PAGE.left + place * (width + GAP);
      doc.lineWidth(0.75).roundedRect(x, sheet.y, width, height, 4).fill(SHADE);
      doc.roundedRect(x, sheet.y, width, height, 4).stroke(RULE);
      let y = sheet.y + PADDING;
      for (const { lines, style } of tile) {
        sheet.put(lines, style, { x: x + PADDING, y, width: width - 2 * PADDING });
        y += lines.length * writer.leading(style);
      }
    }
    sheet.y += height;
  }
}
