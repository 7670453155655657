// How wide the columns of a table are, and where one is too wide for a page, which columns stand in which part of it.
import type { ReportColumn, Shown } from "../../../domain/report-document.ts";
import { CONTENT_WIDTH } from "./look.ts";
import type { TextStyle, Writer } from "./writer.ts";

export interface PlacedColumn {
  /** Of the table's columns. */
  place: number;
  x: number;
  width: number;
  align: "left" | "right";
}

export interface ColumnNeeds {
  /** Points with which every text stands on one line, and those below which it is no use. */
  wanted: number;
  least: number;
  isText: boolean;
}

export const CELL_PADDING = 5;
const ROWS_MEASURED = 200;
const MOST_WANTED = 260;
const LEAST_TEXT = 70;
const LEAST_NUMBER = 34;

export function needsOf(
  { columns, rows }: { columns: readonly ReportColumn[]; rows: readonly (readonly Shown[])[] },
  writer: Writer,
  styles: { head: TextStyle; cell: TextStyle },
): ColumnNeeds[] {
  const widthOf = (text: string, style: TextStyle) =>
    Math.max(0, ...writer.lines(text.slice(0, 200), style, Number.MAX_SAFE_INTEGER).map(({ width }) => width));
  return columns.map(({ label, type }, place) => {
    const head = widthOf(label, styles.head);
    const words = label.split(" ").map((word) => widthOf(word, styles.head));
    const cells = rows.slice(0, ROWS_MEASURED).map((row) => widthOf(row[place]?.text ?? "", styles.cell));
    const widest = cells.reduce((most, width) => Math.max(most, width), 0);
    const wanted = Math.min(MOST_WANTED, Math.max(head, widest)) + 2 * CELL_PADDING;
    const isText = type === "text";
    // A head may take a line for each word, a number one alone.
    const least = isText
      ? LEAST_TEXT
      : Math.max(LEAST_NUMBER, Math.min(90, Math.max(widest, ...words) + 2 * CELL_PADDING));
    return { wanted, least: Math.min(wanted, least), isText };
  });
}

/** Places of columns that fit beside each other; the first column is there in every part. */
export function bandsOf(needs: readonly ColumnNeeds[], width = CONTENT_WIDTH): number[][] {
  const [first, ...others] = needs.keys();
  if (first === undefined) return [];
  const leastOf = (place: number) => needs[place]!.least;
  const bands: number[][] = [];
  let band = [first];
  let used = leastOf(first);
  for (const place of others) {
    if (band.length > 1 && used + leastOf(place) > width) {
      bands.push(band);
      band = [first];
      used = leastOf(first);
    }
    band.push(place);
    used += leastOf(place);
  }
  return [...bands, band];
}

/** Numbers get what they want, texts share the rest; what is left over goes to texts too. */
export function placedColumns(
  band: readonly number[],
  needs: readonly ColumnNeeds[],
  width = CONTENT_WIDTH,
): PlacedColumn[] {
  const own = band.map((place) => needs[place]!);
  const wanted = own.reduce((sum, need) => sum + need.wanted, 0);
  const least = own.reduce((sum, need) => sum + need.least, 0);
  const texts = own.filter(({ isText }) => isText).length || own.length;
  const hasTexts = own.some(({ isText }) => isText);
  const part = wanted <= width ? 1 : Math.max(0, (width - least) / Math.max(1, wanted - least));
  const spare = Math.max(0, width - wanted) / texts;
  let x = 0;
  return own.map((need, at) => {
    const grows = need.isText || !hasTexts ? spare : 0;
    const own = need.least + (need.wanted - need.least) * part + grows;
    const placed: PlacedColumn = { place: band[at]!, x, width: own, align: need.isText ? "left" : "right" };
    x += own;
    return placed;
  });
}
