import type { Searched, Span } from "./detector.ts";
import { digitsOf, isWordAt, lengthOf, separatorOf, standsAlone } from "./digit-groups.ts";
import { readsAsGoods } from "./goods-words.ts";
import { isSaidBefore } from "./said-before.ts";

/** A number that countries write in groups of digits. */
export interface GroupedId {
  lengths: readonly number[];
  /** Between the groups, always the same one. */
  separators: string;
  isValid(digits: string): boolean;
  /** Words, in the text before or in its key, by which it is taken when written without separators; null: it always is. */
  said: RegExp | null;
}

/** Amounts are round, and followed or preceded by their currency. */
const CURRENCY = /[$€£¥₹%]|\b(?:usd|eur|gbp|chf|jpy|inr)\b/i;

function isAmount(text: string, { start, end }: Span): boolean {
  return CURRENCY.test(text.slice(Math.max(0, start - 4), start)) || CURRENCY.test(text.slice(end, end + 4));
}

export function findGrouped({ text, key, groups }: Searched, id: GroupedId): Span[] {
  const all = groups();
  const total = id.lengths.reduce((sum, length) => sum + length, 0);
  const spans: Span[] = [];
  for (let i = 0; i < all.starts.length; i++) {
    const isWhole = lengthOf(all, i) === total;
    if (!isWhole && lengthOf(all, i) !== id.lengths[0]) continue;
    const separator = isWhole ? "" : separatorOf(all, i, id.lengths);
    if (!isWhole && (separator === "" || !id.separators.includes(separator))) continue;
    const last = isWhole ? i : i + id.lengths.length - 1;
    const span = { start: all.starts[i]!, end: all.ends[last]! };
    // With a plus sign it is a phone number.
    if (text[span.start - 1] === "+") continue;
    if (!standsAlone(all, i, last) || !id.isValid(digitsOf(all, i, last))) continue;
    const isSaid = id.said !== null && (id.said.test(key) || isSaidBefore(text, span.start, id.said));
    if (isWhole && id.said !== null && !isSaid) continue;
    // `order-2026-0610-6083` is one word.
    const isLinked = isLinkedAt(text, span.start - 1, -1) || isLinkedAt(text, span.end, 1);
    if (!isSaid && (isLinked || readsAsGoods(text, span.start))) continue;
    if (separator === " " && !isSaid && isAmount(text, span)) continue;
    spans.push(span);
    i = last;
  }
  return spans;
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
