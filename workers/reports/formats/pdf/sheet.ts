/// <reference path="./libraries.d.ts" />
// Pages that are filled from top to bottom.
import type PDFDocument from "pdfkit";
import type { ReportDocument } from "../../../domain/report-document.ts";
import type { Line } from "./lines.ts";
import { CONTENT_WIDTH, PAGE } from "./look.ts";
import type { Align, TextStyle, Writer } from "./writer.ts";

export interface Box {
  x: number;
  width: number;
  align?: Align;
  /** Where a click leads. */
  url?: string | null;
}

export interface Sheet {
  doc: PDFDocument;
  writer: Writer;
  brand: string;
  /** The address of a path of the dashboard, or one that is whole; null for what is neither. */
  urlOf(link: string | null): string | null;
  /** Where the next thing goes, from the top of the page. */
  y: number;
  left(): number;
  newPage(): void;
  /** Begins a page unless so much is free on this one, or the page is fresh. */
  room(height: number): void;
  /** Lines from `y` on, each where there is room for it. */
  write(text: string, style: TextStyle, box?: Box): void;
  /** Lines at a place, going nowhere else. */
  put(lines: readonly Line[], style: TextStyle, place: { x: number; y: number; width: number; align?: Align }): void;
}

const BOTTOM = PAGE.height - PAGE.bottom;
/** From the top of a line to its baseline, of its size. */
const ASCENT = 0.98;

export function sheetOf(doc: PDFDocument, writer: Writer, { brand, origin }: ReportDocument): Sheet {
  const sheet: Sheet = {
    doc,
    writer,
    brand: brand.colour,
    y: PAGE.top,
    urlOf(link) {
      if (link === null) return null;
      if (/^https?:\/\//.test(link)) return link;
      return link.startsWith("/") ? origin + link : null;
    },
    left: () => BOTTOM - sheet.y,
    newPage() {
      doc.addPage();
      sheet.y = PAGE.top;
    },
    room(height) {
      if (sheet.left() < height && sheet.y > PAGE.top) sheet.newPage();
    },
    write(text, style, { x, width, align, url } = { x: PAGE.left, width: CONTENT_WIDTH }) {
      const leading = writer.leading(style);
      for (const line of writer.lines(text, style, width)) {
        sheet.room(leading);
        sheet.put([line], style, { x, y: sheet.y, width, ...(align && { align }) });
        if (url && line.width > 0) doc.link(x, sheet.y, width, leading, url);
        sheet.y += leading;
      }
    },
    put(lines, style, { x, y, width, align }) {
      const leading = writer.leading(style);
      for (const [place, line] of lines.entries()) {
        const side = align ?? (line.isRtl ? "right" : "left");
        writer.draw(line, style, { x, y: y + place * leading + style.size * ASCENT, width, align: side });
      }
    },
  };
  return sheet;
}
