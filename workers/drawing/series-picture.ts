// Series over time as an SVG, for where there is no browser to draw: mail and messages.
import type { SeriesPicture } from "../domain/picture.ts";
import { type Mark, marksOf, px, type TextMark } from "./picture-marks.ts";

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Without what XML cannot hold. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, "")
    .replace(/[&<>"']/g, (one) => MARKUP[one] ?? one);

function textMark({ x, y, text, colour, anchor, isTitle }: TextMark): string {
  const more = isTitle ? `font-size="13" font-weight="600" ` : anchor === "end" ? `text-anchor="end" ` : "";
  return `<text x="${px(x)}" y="${px(y)}" ${more}fill="${colour}">${escaped(text)}</text>`;
}

function markup(mark: Mark): string {
  switch (mark.kind) {
    case "bar":
      return `<rect x="${px(mark.x)}" y="${px(mark.y)}" width="${px(mark.width)}" height="${px(mark.height)}" fill="${mark.colour}"/>`;
    case "line":
      return `<path d="${mark.path}" fill="none" stroke="${mark.colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`;
    case "rule": {
      const limit = mark.isLimit ? ` stroke-width="1.5" stroke-dasharray="5 4"` : "";
      return `<line x1="${px(mark.x1)}" x2="${px(mark.x2)}" y1="${px(mark.y)}" y2="${px(mark.y)}" stroke="${mark.colour}"${limit}/>`;
    }
    case "text":
      return textMark(mark);
  }
}

export function seriesPicture(picture: SeriesPicture): string {
  const { width, height, marks } = marksOf(picture);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...marks.map(markup),
    "</svg>",
  ].join("\n");
}
