// The fonts of PDF files: where the installed packages have them. The build puts them beside the dashboard's files, unpacked, and a report loads those whose letters it holds.

interface FontFace {
  /** Loaded where a text holds one. */
  letters: RegExp;
  regular: string;
  /** Without one, bold letters are drawn with an outline. */
  bold?: string;
}

/** A line a face; where several have a letter, the first of them writes it, and of Han letters whichever their text is in. */
export const REPORT_FACES = {
  latin: {
    letters: /(?:)/,
    regular: "roboto-fontface/fonts/roboto/Roboto-Regular.woff",
    bold: "roboto-fontface/fonts/roboto/Roboto-Bold.woff",
  },
  arabic: {
    letters: /\p{scx=Arabic}/u,
    regular: "@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-400-normal.woff",
    bold: "@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-700-normal.woff",
  },
  hebrew: {
    letters: /\p{scx=Hebrew}/u,
    regular: "@fontsource/arimo/files/arimo-hebrew-400-normal.woff",
    bold: "@fontsource/arimo/files/arimo-hebrew-700-normal.woff",
  },
  devanagari: {
    letters: /\p{scx=Devanagari}/u,
    regular: "@fontsource/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-400-normal.woff",
    bold: "@fontsource/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-700-normal.woff",
  },
  thai: {
    letters: /\p{scx=Thai}/u,
    regular: "@fontsource/noto-sans-thai/files/noto-sans-thai-thai-400-normal.woff",
    bold: "@fontsource/noto-sans-thai/files/noto-sans-thai-thai-700-normal.woff",
  },
  japanese: {
    letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    regular: "@fontsource/kosugi/files/kosugi-japanese-400-normal.woff",
  },
  korean: {
    letters: /\p{Script=Hangul}/u,
    regular: "@fontsource/nanum-gothic/files/nanum-gothic-korean-400-normal.woff",
    bold: "@fontsource/nanum-gothic/files/nanum-gothic-korean-700-normal.woff",
  },
  chinese: {
    letters: /\p{Script=Han}/u,
    regular: "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf",
    bold: "@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf",
  },
} as const satisfies Readonly<Record<string, FontFace>>;

export type ReportFace = keyof typeof REPORT_FACES;
export type ReportFont = ReportFace | `${ReportFace}Bold`;

/** Of the Worker's assets. */
export const FONTS_PATH = "/fonts/";

export const REPORT_FONTS: ReadonlyMap<ReportFont, string> = new Map(
  Object.entries<FontFace>(REPORT_FACES).flatMap(([name, { regular, bold }]) => {
    const face = name as ReportFace; // a key of them
    return [[face, regular] as const, ...(bold ? [[`${face}Bold`, bold] as const] : [])];
  }),
);

/** As it is served: WOFF is unpacked by the build. */
export const servedAs = (path: string): string => path.slice(path.lastIndexOf("/") + 1).replace(/\.woff$/, ".ttf");
