import type { BlockOf } from "../draw-block.ts";
import { BODY, CONTENT_WIDTH, PAGE } from "../look.ts";
import type { Sheet } from "../sheet.ts";

const STYLE = { ...BODY, colour: "#7a4100" };
const BACK = "#fff6e5";
const EDGE = "#f2a516";
const PADDING = 8;

export function problem(sheet: Sheet, { text }: BlockOf<"problem">): void {
  const { doc, writer } = sheet;
  const width = CONTENT_WIDTH - 2 * PADDING - 6;
  const lines = writer.lines(text, STYLE, width);
  const height = lines.length * writer.leading(STYLE) + 2 * PADDING;
  sheet.room(height);
  // One that is longer than a page goes without its frame.
  if (height > sheet.left()) {
    sheet.write(text, STYLE);
    return;
  }
  doc.roundedRect(PAGE.left, sheet.y, CONTENT_WIDTH, height, 3).fill(BACK);
  doc.rect(PAGE.left, sheet.y, 3, height).fill(EDGE);
  sheet.put(lines, STYLE, { x: PAGE.left + PADDING + 6, y: sheet.y + PADDING, width });
  sheet.y += height;
}
