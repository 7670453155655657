/// <reference path="./libraries.d.ts" />
// Text as lines of runs, each of one font and direction, in the order in which they are seen.
import bidiFactory from "bidi-js";
import LineBreaker from "linebreak";
import type { ReportFont } from "../../../domain/report-fonts.ts";
import { type Faces, hanOf, type TextKind } from "./faces.ts";

export interface Run {
  font: ReportFont;
  /** As the font is given it. */
  text: string;
  isRtl: boolean;
  width: number;
}

export interface Line {
  runs: Run[];
  width: number;
  /** Begins at the right. */
  isRtl: boolean;
}

export interface Measure {
  faces: Faces;
  /** Width of a text in a font, for a size of 1. */
  widthOf(font: ReportFont, text: string, isRtl: boolean): number;
}

export interface LineOptions {
  size: number;
  isBold: boolean;
  width: number;
}

/** What belongs together, where it stands, and its font. */
interface Piece {
  text: string;
  start: number;
  font: ReportFont;
}

const bidi = bidiFactory();
const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
const thaiWords = new Intl.Segmenter("th", { granularity: "word" });
const PLAIN = /^[\u0020-\u007E]*$/;
const HAS_RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\u202B\u202E\u2067]/u;
const FIRST_STRONG = /[^\p{Script=Common}\p{Script=Inherited}]/u;
const HAS_THAI = /\p{Script=Thai}/u;
/** Thai sets no blanks between words; a dictionary finds them. */
const BETWEEN_THAI = /^\p{Script=Thai}{2}$/u;
const RTL_SCRIPT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
/** Stands for what no font has. */
const UNKNOWN = "\uFFFD";

/** Joiners are kept: they say how letters of Arabic are written. */
const INVISIBLE = /(?!\n|\u200C|\u200D|[\u0600-\u0605])(?:\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point})/gu;

/** Without what takes no place or has no look, as NFC, lines ended by `\n`. */
export function writable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, "\n")
    .replaceAll("\t", " ")
    .replace(INVISIBLE, "")
    .normalize("NFC");
}

function piecesOf(text: string, faces: Faces, isBold: boolean): Piece[] {
  const plain: ReportFont = isBold ? "latinBold" : "latin";
  if (PLAIN.test(text)) return [...text].map((one, start) => ({ text: one, start, font: plain }));
  const kind: TextKind = { isBold, han: hanOf(text) };
  let before: ReportFont | null = null;
  return [...clusters.segment(text)].map(({ segment, index }) => {
    // A blank goes with what it follows, so that words of a script stay one run.
    const own = segment === " " && before ? before : faces.fontOf(segment, kind);
    before = own;
    return { text: own ? segment : UNKNOWN, start: index, font: own ?? plain };
  });
}

const reversed = (text: string): string =>
  [...clusters.segment(text)]
    .map(({ segment }) => segment)
    .reverse()
    .join("");

/** Fonts shape a text from the right by its first strong letter; what they would turn wrongly is turned before. */
function forShaping(text: string, isRtl: boolean): string {
  const first = FIRST_STRONG.exec(text)?.[0] ?? "";
  return RTL_SCRIPT.test(first) === isRtl ? text : reversed(text);
}

/** Rule L2: from the highest level down to the lowest odd one, what is at it or above is turned round. */
function visualOrder<Levelled extends { level: number }>(runs: readonly Levelled[]): Levelled[] {
  const order = [...runs];
  const levels = order.map(({ level }) => level);
  const highest = Math.max(0, ...levels);
  for (let level = highest; level >= 1; level -= 1) {
    for (let start = 0; start < order.length; start += 1) {
      if (order[start]!.level < level) continue;
      let end = start;
      while (end + 1 < order.length && order[end + 1]!.level >= level) end += 1;
      order.splice(start, end - start + 1, ...order.slice(start, end + 1).reverse());
      start = end;
    }
  }
  return order;
}

interface Paragraph {
  pieces: Piece[];
  /** Of bidi, by place in the text; null where all goes from the left. */
  levels: Uint8Array | null;
  isRtl: boolean;
}

function paragraphOf(text: string, faces: Faces, isBold: boolean): Paragraph {
  const pieces = piecesOf(text, faces, isBold);
  if (!HAS_RTL.test(text)) return { pieces, levels: null, isRtl: false };
  const { levels, paragraphs } = bidi.getEmbeddingLevels(text);
  return { pieces, levels, isRtl: ((paragraphs[0]?.level ?? 0) & 1) === 1 };
}

function lineOf(pieces: readonly Piece[], { levels, isRtl }: Paragraph, { widthOf }: Measure, size: number): Line {
  const runs: { font: ReportFont; level: number; text: string }[] = [];
  for (const { text, start, font } of pieces) {
    const level = levels?.[start] ?? 0;
    const mirrored = level & 1 ? (bidi.getMirroredCharacter(text) ?? text) : text;
    const last = runs.at(-1);
    if (last && last.font === font && last.level === level) last.text += mirrored;
    else runs.push({ font, level, text: mirrored });
  }
  const shaped = visualOrder(runs).map(({ font, level, text }): Run => {
    const isOdd = (level & 1) === 1;
    const given = forShaping(text, isOdd);
    return { font, text: given, isRtl: isOdd, width: widthOf(font, given, isOdd) * size };
  });
  return { runs: shaped, width: shaped.reduce((sum, { width }) => sum + width, 0), isRtl };
}

/** Places after which a line may end; the last is the text's own end. */
function breaksOf(text: string): number[] {
  const breaker = new LineBreaker(text);
  const places: number[] = [];
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) places.push(next.position);
  if (!HAS_THAI.test(text)) return places;
  const words = [...thaiWords.segment(text)].map(({ index }) => index);
  return [...new Set([...places, ...words.filter((at) => BETWEEN_THAI.test(text.slice(at - 1, at + 1)))])].sort(
    (one, other) => one - other,
  );
}

const trimmed = (pieces: readonly Piece[]): readonly Piece[] => {
  const last = pieces.findLastIndex(({ text }) => text !== " ");
  return pieces.slice(0, last + 1);
};

function widthOfPieces(pieces: readonly Piece[], { widthOf }: Measure): number {
  let width = 0;
  let text = "";
  for (const [place, piece] of pieces.entries()) {
    text += piece.text;
    if (pieces[place + 1]?.font === piece.font) continue;
    width += widthOf(piece.font, text, RTL_SCRIPT.test(text));
    text = "";
  }
  return width;
}

/** Pieces in words, each with the blanks behind it; words that are too wide for a line are cut. */
function wordsOf(text: string, { pieces }: Paragraph, measure: Measure, most: number): Piece[][] {
  const words: Piece[][] = [];
  let at = 0;
  for (const end of breaksOf(text)) {
    const start = at;
    while (at < pieces.length && pieces[at]!.start < end) at += 1;
    const word = pieces.slice(start, at);
    if (word.length === 0) continue;
    if (widthOfPieces(trimmed(word), measure) <= most) words.push(word);
    else words.push(...cutWord(word, measure, most));
  }
  return words;
}

function cutWord(word: readonly Piece[], measure: Measure, most: number): Piece[][] {
  const parts: Piece[][] = [];
  let part: Piece[] = [];
  let width = 0;
  for (const piece of word) {
    const own = measure.widthOf(piece.font, piece.text, false);
    if (part.length > 0 && width + own > most) {
      parts.push(part);
      [part, width] = [[], 0];
    }
    part.push(piece);
    width += own;
  }
  return [...parts, part];
}

export function linesOf(text: string, options: LineOptions, measure: Measure): Line[] {
  const { size, isBold, width } = options;
  const most = Math.max(width, size) / size;
  return writable(text)
    .split("\n")
    .flatMap((paragraphText) => {
      const paragraph = paragraphOf(paragraphText, measure.faces, isBold);
      const lines: Line[] = [];
      let line: Piece[] = [];
      let used = 0;
      for (const word of wordsOf(paragraphText, paragraph, measure, most)) {
        const bare = widthOfPieces(trimmed(word), measure);
        if (line.length > 0 && used + bare > most + 1e-9) {
          lines.push(lineOf(trimmed(line), paragraph, measure, size));
          [line, used] = [[], 0];
        }
        line.push(...word);
        used += widthOfPieces(word, measure);
      }
      return [...lines, lineOf(trimmed(line), paragraph, measure, size)];
    });
}
