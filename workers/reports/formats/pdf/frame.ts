// What stands around the parts of a report: its head, and on every page its name and number.
import type { ReportDocument } from "../../../domain/report-document.ts";
import { logoBytes } from "./logo.ts";
import { CONTENT_WIDTH, FAINT, INK, NOTE, PAGE, RULE } from "./look.ts";
import type { Sheet } from "./sheet.ts";
import type { TextStyle } from "./writer.ts";

const TITLE: TextStyle = { size: 22, colour: INK, isBold: true };
const SITE: TextStyle = { size: 11, colour: INK };
const BAND = 8;
const LOGO = { width: 150, height: 44 } as const;
const HEAD_SMALL: TextStyle = { size: 8, colour: FAINT };

/** Its width, 0 where there is none. */
function drawLogo({ doc }: Sheet, logo: string | null): number {
  const bytes = logo === null ? null : logoBytes(logo);
  if (!bytes) return 0;
  try {
    const image = doc.openImage(bytes);
    const times = Math.min(LOGO.width / image.width, LOGO.height / image.height);
    const [width, height] = [image.width * times, image.height * times];
    doc.image(image, PAGE.width - PAGE.right - width, 34, { width, height });
    return width;
  } catch {
    return 0; // Not a picture after all.
  }
}

export function drawHead(sheet: Sheet, report: ReportDocument): void {
  const { doc } = sheet;
  const { site, period, comparedWith } = report;
  doc.rect(0, 0, PAGE.width, BAND).fill(sheet.brand);
  const logo = drawLogo(sheet, report.brand.logo);
  const box = { x: PAGE.left, width: CONTENT_WIDTH - (logo > 0 ? logo + 24 : 0) };
  sheet.y = 34;
  sheet.write(report.title, TITLE, box);
  sheet.y += 2;
  sheet.write(site.name, SITE, box);
  sheet.write(`${period.label} · ${period.timeZone}`, NOTE, box);
  if (comparedWith !== null) sheet.write(`Compared with ${comparedWith}`, NOTE, box);
  sheet.y = Math.max(sheet.y, logo > 0 ? 34 + LOGO.height : 0) + 10;
  doc.rect(PAGE.left, sheet.y, CONTENT_WIDTH, 0.75).fill(RULE);
  sheet.y += 18;
}

/** One line, as much of a text as it holds. */
function putShort(sheet: Sheet, text: string, place: { y: number; align: "left" | "right"; width: number }): void {
  const x = place.align === "left" ? PAGE.left : PAGE.width - PAGE.right - place.width;
  const lines = sheet.writer.lines(text, HEAD_SMALL, place.width).slice(0, 1);
  sheet.put(lines, HEAD_SMALL, { ...place, x });
}

export function drawNumbers(sheet: Sheet, report: ReportDocument): void {
  const { doc } = sheet;
  const { count } = doc.bufferedPageRange();
  const made = new Date(report.madeAt).toISOString().slice(0, "2026-11-26T10:00".length).replace("T", " ");
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    if (page > 0) {
      doc.rect(0, 0, PAGE.width, BAND / 2).fill(sheet.brand);
      putShort(sheet, report.title, { y: 30, align: "left", width: CONTENT_WIDTH * 0.6 });
      putShort(sheet, report.period.label, { y: 30, align: "right", width: CONTENT_WIDTH * 0.36 });
    }
    const y = PAGE.height - 36;
    doc.rect(PAGE.left, y - 8, CONTENT_WIDTH, 0.5).fill(RULE);
    putShort(sheet, `${report.site.name} · made ${made} UTC`, { y, align: "left", width: CONTENT_WIDTH * 0.7 });
    putShort(sheet, `${page + 1} of ${count}`, { y, align: "right", width: CONTENT_WIDTH * 0.26 });
  }
}
