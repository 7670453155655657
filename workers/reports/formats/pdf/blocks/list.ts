import type { BlockOf } from "../draw-block.ts";
import { BODY, CONTENT_WIDTH, PAGE, TONES } from "../look.ts";
import type { Sheet } from "../sheet.ts";

const INDENT = 14;
const BETWEEN = 4;

export function list(sheet: Sheet, { items }: BlockOf<"list">): void {
  const leading = sheet.writer.leading(BODY);
  for (const { text, tone, link } of items) {
    sheet.room(leading);
    sheet.doc.circle(PAGE.left + 4, sheet.y + leading / 2, 2.5).fill(TONES[tone]);
    sheet.write(text, BODY, { x: PAGE.left + INDENT, width: CONTENT_WIDTH - INDENT, url: sheet.urlOf(link) });
    sheet.y += BETWEEN;
  }
}
