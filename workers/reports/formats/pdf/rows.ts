// Rows of cells, over as many pages as they need, with their heads again on each.

import { CELL_PADDING } from "./columns.ts";
import type { Line } from "./lines.ts";
import { CONTENT_WIDTH, INK, isLight, PAGE, RULE, tintOf } from "./look.ts";
import type { Sheet } from "./sheet.ts";
import type { Align, TextStyle } from "./writer.ts";

export interface Cell {
  text: string;
  x: number;
  width: number;
  align: Align;
  style: TextStyle;
  /** Behind it. */
  fill?: string;
}

export const HEAD: TextStyle = { size: 8.5, colour: INK, isBold: true };
export const CELL: TextStyle = { size: 8.5, colour: INK };
const PADDING = 3.5;
const HEAD_TINT = 0.1;
/** Of a head, which stands on every page; what is beyond them is left out. */
const MOST_HEAD_LINES = 6;

interface SetCell extends Cell {
  lines: Line[];
}

const setCells = ({ writer }: Sheet, cells: readonly Cell[]): SetCell[] =>
  cells.map((cell) => ({ ...cell, lines: writer.lines(cell.text, cell.style, cell.width - 2 * CELL_PADDING) }));

function heightOf({ writer }: Sheet, cells: readonly SetCell[]): number {
  const heights = cells.map(({ lines, style }) => lines.length * writer.leading(style));
  return Math.max(0, ...heights) + 2 * PADDING;
}

function putCells(sheet: Sheet, cells: readonly SetCell[], height: number): void {
  for (const { x, width, fill } of cells) {
    if (fill) sheet.doc.rect(PAGE.left + x, sheet.y, width, height).fill(fill);
  }
  for (const { lines, style, x, width, align } of cells) {
    const place = { x: PAGE.left + x + CELL_PADDING, y: sheet.y + PADDING, width: width - 2 * CELL_PADDING };
    const isTurned = align === "left" && lines.some(({ isRtl }) => isRtl);
    sheet.put(lines, style, { ...place, align: isTurned ? "right" : align });
  }
  sheet.y += height;
}

/** The first lines of each cell that `height` holds, and those that are left. */
function cutCells({ writer }: Sheet, cells: readonly SetCell[], height: number): [SetCell[], SetCell[]] {
  const countOf = ({ style }: SetCell) => Math.max(1, Math.floor((height - 2 * PADDING) / writer.leading(style)));
  return [
    cells.map((cell) => ({ ...cell, lines: cell.lines.slice(0, countOf(cell)) })),
    cells.map((cell) => ({ ...cell, lines: cell.lines.slice(countOf(cell)) })),
  ];
}

function drawHeads(sheet: Sheet, heads: readonly SetCell[]): void {
  if (heads.length === 0) return;
  const height = heightOf(sheet, heads);
  const right = Math.max(...heads.map(({ x, width }) => x + width));
  sheet.doc.rect(PAGE.left, sheet.y, Math.max(right, CONTENT_WIDTH), height).fill(tintOf(sheet.brand, HEAD_TINT));
  putCells(sheet, heads, height);
}

/** `decorate` draws on a row of its height before its texts. */
export interface RowsOptions {
  isRuled: boolean;
  decorate?: (row: number, y: number, height: number) => void;
}

export function drawRows(
  sheet: Sheet,
  heads: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  { isRuled, decorate }: RowsOptions,
): void {
  const setHeads = setCells(sheet, heads).map((cell) => ({ ...cell, lines: cell.lines.slice(0, MOST_HEAD_LINES) }));
  const headHeight = setHeads.length > 0 ? heightOf(sheet, setHeads) : 0;
  const fullPage = PAGE.height - PAGE.top - PAGE.bottom - headHeight;
  const begin = () => {
    sheet.newPage();
    drawHeads(sheet, setHeads);
  };
  sheet.room(headHeight + 40);
  drawHeads(sheet, setHeads);
  for (const [place, row] of rows.entries()) {
    let cells = setCells(sheet, row);
    for (let isWhole = false; !isWhole; ) {
      const height = heightOf(sheet, cells);
      if (height > sheet.left() && height <= fullPage) begin();
      else if (sheet.left() < 40) begin();
      isWhole = height <= sheet.left();
      const [now, rest] = isWhole ? [cells, []] : cutCells(sheet, cells, sheet.left());
      const drawn = heightOf(sheet, now);
      decorate?.(place, sheet.y, drawn);
      putCells(sheet, now, drawn);
      cells = rest;
      if (!isWhole) begin();
    }
    if (isRuled) sheet.doc.rect(PAGE.left, sheet.y, CONTENT_WIDTH, 0.5).fill(RULE);
  }
}

/** Ink for a cell on a colour. */
export const inkOn = (colour: string): string => (isLight(colour) ? INK : "#ffffff");
