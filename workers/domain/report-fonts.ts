// The fonts of PDF files: where the installed packages have them. The build puts them beside the dashboard's files, each
// under its own name, and a report loads those whose letters it holds.

export const REPORT_FONTS = {
  latin: "roboto-fontface/fonts/roboto/Roboto-Regular.woff",
  latinBold: "roboto-fontface/fonts/roboto/Roboto-Bold.woff",
  arabic: "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf",
  arabicBold: "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Bold.ttf",
  hebrew: "@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Regular.ttf",
  hebrewBold: "@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Bold.ttf",
  japanese: "@embedpdf/fonts-jp/fonts/NotoSansJP-Regular.otf",
  korean: "@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf",
  chinese: "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf",
} as const;

export type ReportFont = keyof typeof REPORT_FONTS;

/** Of the Worker's assets. */
export const FONTS_PATH = "/fonts/";

export function fontFile(font: ReportFont): string {
  return REPORT_FONTS[font].split("/").at(-1) ?? font;
}
