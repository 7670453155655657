/// <reference path="./libraries.d.ts" />
// Which font writes which letter. Only fonts whose letters a report holds are loaded: those of Chinese, Japanese and Korean
// have megabytes.
import { create, type Font } from "fontkit";
import { fontFile, type ReportFont } from "../../../domain/report-fonts.ts";

export interface Faces {
  fonts: ReadonlyMap<ReportFont, Font>;
  /** The font of some characters that belong together, in a text of that kind; null where none has them. */
  fontOf(cluster: string, kind: TextKind): ReportFont | null;
}

export interface TextKind {
  isBold: boolean;
  /** Whose Han letters are meant, in order of preference. */
  han: readonly ReportFont[];
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;
const HAN = /\p{Script=Han}/u;
const ARABIC = /\p{Script=Arabic}/u;
const HEBREW = /\p{Script=Hebrew}/u;
const BOLD = { latin: "latinBold", arabic: "arabicBold", hebrew: "hebrewBold" } as const;

/** Kana tell Japanese, Hangul tells Korean, and Han letters by themselves are taken for Chinese. */
export function hanOf(text: string): readonly ReportFont[] {
  if (KANA.test(text)) return ["japanese", "chinese", "korean"];
  if (HANGUL.test(text)) return ["korean", "chinese", "japanese"];
  return ["chinese", "japanese", "korean"];
}

/** Kept as long as memory allows, for the next report of the same isolate. */
const loaded = new Map<string, WeakRef<Uint8Array>>();

/**
 * Parsed anew for each report: a font remembers which letters a glyph was first asked for, and as a part of another letter
 * it was asked for none, whereupon the next report would show the letter and not hold it as text.
 */
async function parsedFont(file: string, load: (file: string) => Promise<Uint8Array>): Promise<Font> {
  const known = loaded.get(file)?.deref();
  const bytes = known ?? (await load(file));
  if (!known) loaded.set(file, new WeakRef(bytes));
  return create(bytes);
}

const firstKept = (fonts: readonly ReportFont[]): ReportFont[] =>
  fonts.filter((font) => fontFile(font) !== null).slice(0, 1);

function neededFonts(texts: readonly string[]): Set<ReportFont> {
  const needed = new Set<ReportFont>(["latin", "latinBold"]);
  const add = (...fonts: ReportFont[]) => {
    for (const font of fonts) needed.add(font);
  };
  for (const text of texts) {
    if (/^[\u0020-\u007E]*$/.test(text)) continue;
    if (ARABIC.test(text)) add("arabic", "arabicBold");
    if (HEBREW.test(text)) add("hebrew", "hebrewBold");
    if (KANA.test(text) || HANGUL.test(text) || HAN.test(text)) add(...firstKept(hanOf(text)));
  }
  return needed;
}

/** Letters without which a text can do; they take no place. */
const INVISIBLE = /^[\u200C\u200D]$/;

const hasAll = (font: Font, cluster: string): boolean =>
  [...cluster].every((one) => INVISIBLE.test(one) || font.hasGlyphForCodePoint(one.codePointAt(0)!));

function candidates({ isBold, han }: TextKind): readonly ReportFont[] {
  const own = isBold ? Object.values(BOLD) : [];
  return [...own, "latin", "arabic", "hebrew", ...han];
}

/** `texts`: everything that will be written. */
export async function loadFaces(texts: readonly string[], load: (file: string) => Promise<Uint8Array>): Promise<Faces> {
  const fonts = new Map<ReportFont, Font>();
  const add = async (font: ReportFont) => {
    const file = fontFile(font);
    if (file !== null) fonts.set(font, await parsedFont(file, load));
  };
  const fontOf: Faces["fontOf"] = (cluster, kind) =>
    candidates(kind).find((name) => {
      const font = fonts.get(name);
      return font !== undefined && hasAll(font, cluster);
    }) ?? null;
  for (const font of neededFonts(texts)) await add(font);
  // Signs such as arrows, and Han letters that a country's own font lacks, stand in fonts that may not be there yet.
  const rest = new Set([...texts.join("")].filter((one) => one > "\u007E"));
  for (const font of ["japanese", "chinese"] as const) {
    const isMissing = [...rest].some(
      (one) => isElsewhere(one) && fontOf(one, { isBold: false, han: hanOf("") }) === null,
    );
    if (isMissing && !fonts.has(font)) await add(font);
  }
  return { fonts, fontOf };
}

/** What fonts of Chinese and Japanese have beyond their own letters: signs, but no emoji and no other scripts. */
const isElsewhere = (one: string): boolean =>
  HAN.test(one) || (/[\p{Script=Common}]/u.test(one) && !/[\p{Emoji_Presentation}\p{Cc}\p{Co}\p{Cf}]/u.test(one));
