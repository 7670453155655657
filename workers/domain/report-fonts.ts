// The fonts of PDF files: where the installed packages have them. The build puts them beside the dashboard's files, unpacked, and a report loads those whose letters it holds.

export type ReportFont =
  | "latin"
  | "latinBold"
  | "arabic"
  | "arabicBold"
  | "hebrew"
  | "hebrewBold"
  | "japanese"
  | "korean"
  | "chinese";

/** Those that are left out have no font here yet; their letters are told as unknown. */
export const REPORT_FONTS: Readonly<Partial<Record<ReportFont, string>>> = {
  latin: "roboto-fontface/fonts/roboto/Roboto-Regular.woff",
  latinBold: "roboto-fontface/fonts/roboto/Roboto-Bold.woff",
  hebrew: "@fontsource/arimo/files/arimo-hebrew-400-normal.woff",
  hebrewBold: "@fontsource/arimo/files/arimo-hebrew-700-normal.woff",
  japanese: "@fontsource/kosugi/files/kosugi-japanese-400-normal.woff",
};

/** Of the Worker's assets. */
export const FONTS_PATH = "/fonts/";

/** Null where there is none. */
export function fontFile(font: ReportFont): string | null {
  return (
    REPORT_FONTS[font]
      ?.split("/")
      .at(-1)
      ?.replace(/\.woff$/, ".ttf") ?? null
  );
}
