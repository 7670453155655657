/// <reference path="./libraries.d.ts" />
// Texts on a document: measured, broken into lines, drawn.
import type PDFDocument from "pdfkit";
import type { ReportFont } from "../../../domain/report-fonts.ts";
import type { Faces } from "./faces.ts";
import { type Line, linesOf } from "./lines.ts";

export interface TextStyle {
  size: number;
  colour: string;
  isBold?: boolean;
}

export interface Writer {
  lines(text: string, style: TextStyle, width: number): Line[];
  /** `y` is the baseline; from `x` on, or within `width` at the side that `align` says. */
  draw(line: Line, style: TextStyle, place: { x: number; y: number; width?: number; align?: Align }): void;
  /** Points from one baseline to the next. */
  leading(style: TextStyle): number;
}

export type Align = "left" | "right" | "centre";

const LEADING = 1.35;
/** Fonts without a bold face of their own are drawn with an outline, of this part of their size. */
const OUTLINE = 0.035;
/** No features but the font's own, and the text as one run: pdfkit lays words out one by one, from the left. */
const WHOLE = { features: [] };

export function writerOf(doc: PDFDocument, faces: Faces): Writer {
  for (const [name, font] of faces.fonts) doc.registerFont(name, font);
  const widths = new Map<string, number>();
  const widthOf = (font: ReportFont, text: string, isRtl: boolean): number => {
    const key = `${font} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const width = doc.font(font, 1000).widthOfString(text, isRtl ? WHOLE : {}) / 1000;
    widths.set(key, width);
    return width;
  };
  return {
    lines: (text, { size, isBold = false }, width) => linesOf(text, { size, isBold, width }, { faces, widthOf }),
    leading: ({ size }) => size * LEADING,
    draw(line, { size, colour, isBold = false }, { x, y, width = line.width, align = "left" }) {
      const side = align === "left" ? 0 : align === "right" ? 1 : 0.5;
      let at = x + (width - line.width) * side;
      for (const run of line.runs) {
        const isOutlined = isBold && !run.font.endsWith("Bold");
        if (isOutlined) doc.lineWidth(size * OUTLINE).strokeColor(colour);
        doc
          .font(run.font, size)
          .fillColor(colour)
          .text(run.text, at, y, {
            lineBreak: false,
            baseline: "alphabetic",
            ...(run.isRtl && WHOLE),
            ...(isOutlined && { fill: true, stroke: true }),
          });
        at += run.width;
      }
    },
  };
}
