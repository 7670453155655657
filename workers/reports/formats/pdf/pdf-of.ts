/// <reference path="./libraries.d.ts" />
// A report on paper.
import PDFDocument from "pdfkit";
import { toBytes } from "pdfkit/output";
import type { ReportBlock, ReportDocument, ReportPart } from "../../../domain/report-document.ts";
import type { ReportFilePorts } from "../format.ts";
import { drawBlock } from "./draw-block.ts";
import { loadFaces, type PrintedText } from "./faces.ts";
import { drawHead, drawNumbers } from "./frame.ts";
import { writable } from "./lines.ts";
import { CONTENT_WIDTH, INK, NOTE, PAGE } from "./look.ts";
import { type Sheet, sheetOf } from "./sheet.ts";
import { type TextStyle, writerOf } from "./writer.ts";

const PART_TITLE: TextStyle = { size: 14, colour: INK, isBold: true };
const VIEW = "Open in the dashboard";
/** What a title wants below it on its page. */
const BELOW_TITLE = 110;
const BETWEEN_BLOCKS = 12;
const BETWEEN_PARTS = 26;

/** What is set in bold and may be in any script. */
const BOLD_FIELDS: ReadonlySet<string> = new Set(["title", "label"]);

/** Every text within, whatever it stands in, and which of them are bold. */
function textsIn(value: unknown, field = ""): PrintedText[] {
  if (typeof value === "string") return [{ text: writable(value), isBold: BOLD_FIELDS.has(field) }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name));
}

function drawTitle(sheet: Sheet, { title, path }: ReportPart): void {
  const url = sheet.urlOf(path);
  if (title === "" && url === null) return;
  sheet.room(BELOW_TITLE);
  if (title !== "") sheet.write(title, PART_TITLE);
  if (url !== null) sheet.write(VIEW, { ...NOTE, colour: sheet.brand }, { x: PAGE.left, width: CONTENT_WIDTH, url });
  sheet.y += 6;
}

function drawPart(sheet: Sheet, part: ReportPart, isFirst: boolean): void {
  if (part.breaksPage && !isFirst) sheet.newPage();
  else if (!isFirst) sheet.y += BETWEEN_PARTS;
  drawTitle(sheet, part);
  if (part.title !== "") sheet.doc.outline.addItem(writable(part.title));
  part.blocks.forEach((block: ReportBlock, place) => {
    if (place > 0) sheet.y += BETWEEN_BLOCKS;
    drawBlock(sheet, block.kind, block);
  });
}

export async function pdfOf(report: ReportDocument, { font }: ReportFilePorts): Promise<Uint8Array> {
  const { brand: _, ...told } = report;
  const faces = await loadFaces(textsIn(told), font);
  const doc = new PDFDocument({
    size: "A4",
    margin: 0,
    font: null,
    bufferPages: true,
    autoFirstPage: false,
    lang: "en",
    displayTitle: true,
    pdfVersion: "1.7",
    info: {
      Title: writable(report.title),
      Creator: "Edgewise",
      Producer: "Edgewise",
      CreationDate: new Date(report.madeAt),
    },
  });
  const written = toBytes(doc);
  const sheet = sheetOf(doc, writerOf(doc, faces), report);
  sheet.newPage();
  drawHead(sheet, report);
  report.parts.forEach((part, place) => {
    drawPart(sheet, part, place === 0);
  });
  drawNumbers(sheet, report);
  doc.end();
  return written;
}
