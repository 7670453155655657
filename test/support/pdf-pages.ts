// A PDF's text, read by another maker's reader.
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** Lines end where there is room, not where words do. */
export const bare = (text: string): string => text.normalize("NFC").replaceAll(/\s/g, "");

export const openedPdf = (bytes: Uint8Array) => getDocument({ data: bytes.slice(), verbosity: 0 }).promise;

/** Each page's text, without blanks. */
export async function pdfPages(bytes: Uint8Array): Promise<string[]> {
  const pdf = await openedPdf(bytes);
  const pages = Array.from({ length: pdf.numPages }, async (_, place) => {
    const { items } = await (await pdf.getPage(place + 1)).getTextContent();
    return bare(items.map((item) => ("str" in item ? item.str : "")).join(""));
  });
  return Promise.all(pages);
}

/** One sentence of each script that needs a font of its own, so that every letter of it comes from that font. */
export const SENTENCES = {
  Arabic: "ارتفع عدد الزوار هذا الأسبوع",
  Hebrew: "מספר המבקרים השבוע עלה",
  Korean: "이번 주 방문자가 증가했습니다",
  Japanese: "今週のビジターはふえました",
  "Simplified Chinese": "本周访客比上周增长了，请查看图表",
  "Traditional Chinese": "本週訪客比上週增長了，請查看圖表",
} as const;
