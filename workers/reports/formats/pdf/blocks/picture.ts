import { type Mark, marksOf, seriesColour } from "../../../../drawing/picture-marks.ts";
import type { BlockOf } from "../draw-block.ts";
import { CONTENT_WIDTH, NOTE, PAGE, RULE } from "../look.ts";
import type { Sheet } from "../sheet.ts";

/** Points of a pixel. */
const SCALE = 0.75;
const HEIGHT = 250;
const SMALL = 11;
const TITLE = 13;
const SWATCH = 7;

function drawMark({ doc, writer }: Sheet, mark: Mark): void {
  switch (mark.kind) {
    case "bar":
      doc.rect(mark.x, mark.y, mark.width, mark.height).fill(mark.colour);
      break;
    case "line":
      if (mark.path === "") break;
      doc.lineWidth(2).lineCap("round").lineJoin("round").path(mark.path).stroke(mark.colour);
      break;
    case "rule":
      doc.lineWidth(mark.isLimit ? 1.5 : 1).lineCap("butt");
      if (mark.isLimit) doc.dash(5, { space: 4 });
      doc.moveTo(mark.x1, mark.y).lineTo(mark.x2, mark.y).stroke(mark.colour);
      if (mark.isLimit) doc.undash();
      break;
    case "text": {
      const style = { size: mark.isTitle ? TITLE : SMALL, colour: mark.colour, isBold: mark.isTitle };
      const [line] = writer.lines(mark.text, style, Number.MAX_SAFE_INTEGER);
      if (!line) break;
      const x = mark.anchor === "end" ? mark.x - line.width : mark.x;
      writer.draw(line, style, { x, y: mark.y });
      break;
    }
  }
}

/** Which colour is which, where there is more than one. */
function drawLegend(sheet: Sheet, labels: readonly string[]): void {
  const { doc, writer } = sheet;
  const leading = writer.leading(NOTE);
  let x = PAGE.left;
  for (const [place, label] of labels.entries()) {
    const [line] = writer.lines(label, NOTE, CONTENT_WIDTH - 2 * SWATCH);
    if (!line) continue;
    const width = SWATCH + 5 + line.width + 14;
    if (x > PAGE.left && x + width > PAGE.width - PAGE.right) {
      x = PAGE.left;
      sheet.y += leading;
    }
    doc.roundedRect(x, sheet.y + (leading - SWATCH) / 2, SWATCH, SWATCH, 1.5).fill(seriesColour(place));
    sheet.put([line], NOTE, { x: x + SWATCH + 5, y: sheet.y, width: line.width, align: "left" });
    x += width;
  }
  sheet.y += leading;
}

export function picture(sheet: Sheet, block: BlockOf<"picture">): void {
  const { doc } = sheet;
  const { width, height, marks } = marksOf({ ...block.picture, width: CONTENT_WIDTH / SCALE, height: HEIGHT });
  const labels = block.picture.series.map(({ label }) => label);
  sheet.room(height * SCALE + 40);
  doc
    .lineWidth(0.75)
    .roundedRect(PAGE.left, sheet.y, width * SCALE, height * SCALE, 4)
    .stroke(RULE);
  doc.save().translate(PAGE.left, sheet.y).scale(SCALE);
  for (const mark of marks) drawMark(sheet, mark);
  doc.restore();
  sheet.y += height * SCALE + 6;
  if (labels.length > 1) drawLegend(sheet, labels);
}
