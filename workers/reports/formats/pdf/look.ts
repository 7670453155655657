// How pages look: measures in points, colours.
import type { ReportFigure } from "../../../domain/report-document.ts";
import type { TextStyle } from "./writer.ts";

export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 48, top: 64, bottom: 56 } as const;
export const CONTENT_WIDTH = PAGE.width - PAGE.left - PAGE.right;

export const INK = "#1d2433";
export const FAINT = "#5d6579";
export const RULE = "#e3e6ee";
export const SHADE = "#f5f6fa";

export const TONES = {
  better: "#067647",
  worse: "#b42318",
  neither: FAINT,
} as const satisfies Record<ReportFigure["tone"], string>;

export const BODY: TextStyle = { size: 9.5, colour: INK };
export const NOTE: TextStyle = { size: 8.5, colour: FAINT };

interface Rgb {
  red: number;
  green: number;
  blue: number;
}

function rgbOf(colour: string): Rgb {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return { red, green, blue };
}

/** So much of a colour on white. */
export function tintOf(colour: string, part: number): string {
  const { red, green, blue } = rgbOf(colour);
  const hex = (value: number) =>
    Math.round(255 + (value - 255) * part)
      .toString(16)
      .padStart(2, "0");
  return `#${hex(red)}${hex(green)}${hex(blue)}`;
}

/** Whether dark letters are read more easily on it than white ones. */
export function isLight(colour: string): boolean {
  const { red, green, blue } = rgbOf(colour);
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150;
}
