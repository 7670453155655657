import type { Searched, Span } from "./detector.ts";
import { type DigitGroups, digitsOf, isWordAt, lengthOf, separatorOf, standsAlone } from "./digit-groups.ts";
import { readsAsGoods } from "./goods-words.ts";
import { isSaidBefore } from "./said-before.ts";

/** A number that countries write in groups of digits. */
export interface GroupedId {
  lengths: readonly number[];
  /** Between the groups, always the same one. */
  separators: string;
  isValid(digits: string): boolean;
  /** Groups, dashes between, where a separator was left out: taken where digits without any are. */
  shortOf?: readonly (readonly number[])[];
  /**
   * Words, in the text before or in its key, by which it is taken when written without separators, if it is not all that
   * somebody typed; null: it always is.
   */
  said: RegExp | null;
  /** What else is all of a text as often. */
  notAlone?: RegExp;
}

/** Amounts are round, and followed or preceded by their currency. */
const CURRENCY = /[$€£¥₹%]|\b(?:usd|eur|gbp|chf|jpy|inr)\b/i;

function isAmount(text: string, { start, end }: Span): boolean {
  return CURRENCY.test(text.slice(Math.max(0, start - 4), start)) || CURRENCY.test(text.slice(end, end + 4));
}

export function findGrouped(searched: Searched, id: GroupedId): Span[] {
  const { text, key } = searched;
  const all = searched.groups();
  const spans: Span[] = [];
  for (let i = 0; i < all.starts.length; i++) {
    const written = writtenAt(all, i, id);
    if (!written) continue;
    const { last, separator } = written;
    const span = { start: all.starts[i]!, end: all.ends[last]! };
    // With a plus sign it is a phone number.
    if (text[span.start - 1] === "+") continue;
    const digits = digitsOf(all, i, last);
    if (!standsAlone(all, i, last) || !id.isValid(digits)) continue;
    const isSaid = id.said !== null && (id.said.test(key) || isSaidBefore(text, span.start, id.said));
    const isBare = separator === "" && id.said !== null;
    const isAlone = searched.isTyped && isAllOf(text, digits.length) && !id.notAlone?.test(digits);
    if (isBare && !isSaid && !isAlone) continue;
    // `order-2026-0610-6083` is one word.
    const isLinked = isLinkedAt(text, span.start - 1, -1) || isLinkedAt(text, span.end, 1);
    if (!isSaid && (isLinked || readsAsGoods(text, span.start))) continue;
    if (separator === " " && !isSaid && isAmount(text, span)) continue;
    spans.push(span);
    i = last;
  }
  return spans;
}

/** The last of the groups that an id has from group `i` on, and what is between all of them: nothing where one is left out. */
function writtenAt(groups: DigitGroups, i: number, id: GroupedId): { last: number; separator: string } | null {
  const length = lengthOf(groups, i);
  if (length === id.lengths.reduce((sum, one) => sum + one, 0)) return { last: i, separator: "" };
  if (length === id.lengths[0]) {
    const separator = separatorOf(groups, i, id.lengths);
    if (separator !== "" && id.separators.includes(separator)) return { last: i + id.lengths.length - 1, separator };
  }
  const short = id.shortOf?.find((lengths) => separatorOf(groups, i, lengths) === "-");
  return short ? { last: i + short.length - 1, separator: "" } : null;
}

const LONGEST = 100;
const NUMBERS = /^\s*[\d-]+(?:[\s,;]+[\d-]+)*\s*$/;

/** Whether a text is a number of so many digits and nothing else, or several. */
function isAllOf(text: string, length: number): boolean {
  if (text.length > LONGEST || !NUMBERS.test(text)) return false;
  return text
    .trim()
    .split(/[\s,;]+/)
    .every((one) => one.replaceAll("-", "").length === length);
}

/** Σ digit × weight, digits beyond the weights left out. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (digits.charCodeAt(i) - 48), 0);
}

/** Whether a word goes on there, by a letter, digit or underscore, or behind a dash. */
function isLinkedAt(text: string, at: number, step: 1 | -1): boolean {
  return isWordAt(text, at) || text[at] === "_" || (text[at] === "-" && isWordAt(text, at + step));
}

/** The stretches that match a pattern with the flag g, stand by themselves and pass a check. */
export function findShaped(text: string, pattern: RegExp, isValid: (found: string) => boolean): Span[] {
  const spans: Span[] = [];
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const end = index + found.length;
    if (isLinkedAt(text, index - 1, -1) || isLinkedAt(text, end, 1)) continue;
    if (isValid(found)) spans.push({ start: index, end });
  }
  return spans;
}
