/// <reference path="./libraries.d.ts" />
// Which font writes which letter. Only fonts whose letters a report holds are loaded: those of Chinese, Japanese and Korean
// have megabytes.
import { create, type Features, type Font, type Glyph, type GlyphRun } from "fontkit";
import {
  REPORT_FACES,
  REPORT_FONTS,
  type ReportFace,
  type ReportFont,
  servedAs,
} from "../../../domain/report-fonts.ts";

export interface Faces {
  fonts: ReadonlyMap<ReportFont, Font>;
  /** The font of some characters that belong together, in a text of that kind; null where none has them. */
  fontOf(cluster: string, kind: TextKind): ReportFont | null;
}

export interface TextKind {
  isBold: boolean;
  /** Whose Han letters are meant, in order of preference. */
  han: readonly ReportFace[];
}

const HAN_FACES: readonly [ReportFace, ...ReportFace[]] = ["chinese", "japanese", "korean"];
const FACES = Object.keys(REPORT_FACES) as ReportFace[]; // its keys
const OWN_LETTERS = FACES.filter((face) => !HAN_FACES.includes(face));

/** Kana tell Japanese, Hangul tells Korean, and Han letters by themselves are taken for Chinese. */
export function hanOf(text: string): readonly [ReportFace, ...ReportFace[]] {
  if (REPORT_FACES.japanese.letters.test(text)) return ["japanese", "chinese", "korean"];
  if (REPORT_FACES.korean.letters.test(text)) return ["korean", "chinese", "japanese"];
  return HAN_FACES;
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
  return withCare(create(bytes));
}

/**
 * Readers of PDFs turn what goes from the right round as a whole, so that the letters of a ligature are to stand in it as
 * they are seen: else two of three are found in the wrong order.
 */
function turnLigatures({ direction, glyphs }: GlyphRun, turned: WeakSet<Glyph>): void {
  for (const glyph of direction === "rtl" ? glyphs : []) {
    if (!turned.has(glyph)) glyph.codePoints.reverse();
    turned.add(glyph);
  }
}

/** fontkit throws at marks for which a font says no place on what they follow; those stand as the font has them. */
function withCare(font: Font): Font {
  const layout = font.layout.bind(font);
  const turned = new WeakSet<Glyph>();
  const placed = (text: string, features?: Features): GlyphRun => {
    try {
      return layout(text, features);
    } catch {
      return layout(text, { mark: false, mkmk: false });
    }
  };
  font.layout = (text, features) => {
    const run = placed(text, features);
    turnLigatures(run, turned);
    return run;
  };
  return font;
}

/** A text of Japanese asks for no other face of Han letters; those that its own lacks are looked for afterwards. */
export function neededFaces(texts: readonly string[]): Set<ReportFace> {
  const needed = new Set<ReportFace>(["latin"]);
  for (const text of texts) {
    if (/^[\u0020-\u007E]*$/.test(text)) continue;
    for (const face of FACES) {
      if (REPORT_FACES[face].letters.test(text)) needed.add(face === "chinese" ? hanOf(text)[0] : face);
    }
  }
  return needed;
}

/** Letters without which a text can do; they take no place. */
const INVISIBLE = /^[\u200C\u200D]$/;

const hasAll = (font: Font, cluster: string): boolean =>
  [...cluster].every((one) => INVISIBLE.test(one) || font.hasGlyphForCodePoint(one.codePointAt(0)!));

function candidates({ isBold, han }: TextKind): readonly ReportFont[] {
  const faces = [...OWN_LETTERS, ...han];
  return isBold ? faces.flatMap((face) => [`${face}Bold` as const, face]) : faces;
}

export interface PrintedText {
  text: string;
  /** Where it is and was not said to be, it is drawn with an outline. */
  isBold: boolean;
}

/** `printed`: everything that will be written. */
export async function loadFaces(
  printed: readonly PrintedText[],
  load: (file: string) => Promise<Uint8Array>,
): Promise<Faces> {
  const texts = printed.map(({ text }) => text);
  const bold = printed.flatMap(({ text, isBold }) => (isBold ? [text] : []));
  const fonts = new Map<ReportFont, Font>();
  const add = async (font: ReportFont) => {
    const path = REPORT_FONTS.get(font);
    if (path !== undefined) fonts.set(font, await parsedFont(servedAs(path), load));
  };
  const fontOf: Faces["fontOf"] = (cluster, kind) =>
    candidates(kind).find((name) => {
      const font = fonts.get(name);
      return font !== undefined && hasAll(font, cluster);
    }) ?? null;
  for (const face of neededFaces(texts)) await add(face);
  for (const face of neededFaces(bold)) await add(`${face}Bold`);
  // Signs such as arrows, and Han letters that a country's own font lacks, stand in fonts that may not be there yet.
  const rest = new Set([...texts.join("")].filter((one) => one > "\u007E"));
  for (const face of ["japanese", "chinese"] as const) {
    const isMissing = [...rest].some(
      (one) => isElsewhere(one) && fontOf(one, { isBold: false, han: HAN_FACES }) === null,
    );
    if (isMissing && !fonts.has(face)) await add(face);
  }
  return { fonts, fontOf };
}

/** What fonts of Chinese and Japanese have beyond their own letters: signs, but no emoji and no other scripts. */
const isElsewhere = (one: string): boolean =>
  REPORT_FACES.chinese.letters.test(one) ||
  (/[\p{Script=Common}]/u.test(one) && !/[\p{Emoji_Presentation}\p{Cc}\p{Co}\p{Cf}]/u.test(one));
