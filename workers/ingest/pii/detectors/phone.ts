import type { Detector, Searched, Span } from "../detector.ts";
import { digitsOf, gapAfter, isWordAt, lengthOf, separatorOf, standsAlone } from "../digit-groups.ts";
import { readsAsGoods } from "../goods-words.ts";
import { isPhoneLength } from "../phone-lengths.ts";
import { isSaidBefore } from "../said-before.ts";
import { HAS } from "../survey.ts";

const MOST_DIGITS = 15;
const FEWEST_DIGITS = 7;
const BETWEEN = /[ \u00a0.\-()/]/;
/** `(0)`: dialled within the country only. */
const TRUNK = "(0)";
const SAID =
  /(?:phone|tel|telefon|mobile|mobil|cell|fax|whatsapp|sms|handy|móvil|portable|hotline|call|call (?:me|us)(?: at| on)|text me|reach (?:me|us))\b|phone.?(?:no|number)|contact.?(?:no|number)|\b(?:my|his|her|our|your) (?:[a-z]{2} )?number (?:is|was)\b/;

/** The longest stretch after a plus sign that a country's numbers may have: where it ends, or -1. */
function internationalEnd(text: string, from: number): number {
  let digits = "";
  let end = -1;
  let between = 0;
  for (let at = from; at < text.length && digits.length <= MOST_DIGITS; at++) {
    const sign = text[at]!;
    if (sign >= "0" && sign <= "9") {
      digits += sign;
      between = 0;
      const isEnd = !isWordAt(text, at + 1) || /^x\d/.test(text.slice(at + 1, at + 3));
      if (isEnd && digits.length >= FEWEST_DIGITS && isPhoneLength(digits)) end = at + 1;
    } else if (digits !== "" && text.startsWith(TRUNK, at)) at += TRUNK.length - 1;
    else if (BETWEEN.test(sign) && ++between <= 2) continue;
    else break;
  }
  return end;
}

function international({ text }: Searched): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf("+"); at >= 0; at = text.indexOf("+", at + 1)) {
    if (isWordAt(text, at - 1) || text[at - 1] === "+") continue;
    const end = internationalEnd(text, at + 1);
    if (end < 0) continue;
    spans.push({ start: at, end });
    at = end - 1;
  }
  return spans;
}

/** With the whole of the country code in it: only 1 and 7 are of one digit. */
const DIALLED_ABROAD = /^00(?:[17]|[1-9]\d{1,3})$/;

/** `0041 44 668 18 00`, written in groups: digits in one might be any number. */
function dialledAbroadAt({ text, groups }: Searched, i: number): Span | undefined {
  const all = groups();
  const start = all.starts[i]!;
  const isFree = !isWordAt(text, start - 1) && text[start - 1] !== "-" && gapAfter(all, i - 1) === "";
  if (!isFree || !DIALLED_ABROAD.test(text.slice(start, all.ends[i]))) return undefined;
  const end = internationalEnd(text, start + 2);
  return end > all.ends[i]! ? { start, end } : undefined;
}

/** Area and exchange begin with 2 to 9 in North America. */
const NORTH_AMERICAN_GROUPS = [3, 3, 4];
const NORTH_AMERICAN = /^[2-9]\d\d[2-9]\d{6}$/;

/** `(415) 555-0132`, `415-555-0132`, `1-415-555-0132`: last group, or -1. */
function northAmericanAt({ text, groups }: Searched, i: number): number {
  const all = groups();
  const first = lengthOf(all, i) === 1 && text[all.starts[i]!] === "1" && gapAfter(all, i) !== "" ? i + 1 : i;
  const last = first + 2;
  if (last >= all.starts.length) return -1;
  if (lengthOf(all, first) !== 3 || lengthOf(all, first + 1) !== 3 || lengthOf(all, last) !== 4) return -1;
  const gap = text.slice(all.ends[first], all.starts[first + 1]);
  const inBrackets = text[all.starts[first]! - 1] === "(" && (gap === ")" || gap === ") ");
  const separator = inBrackets ? gapAfter(all, first + 1) : separatorOf(all, first, NORTH_AMERICAN_GROUPS);
  if (separator !== "-" && separator !== "." && separator !== " ") return -1;
  const isFree = inBrackets ? !isWordAt(text, all.ends[last]!) : standsAlone(all, i, last);
  return isFree && NORTH_AMERICAN.test(digitsOf(all, first, last)) ? last : -1;
}

/** `030 1234567`, `(020) 7123 4567`, `01.42.68.53.00`: last group, or -1. Dates and versions have other groups. */
function trunkAt({ text, groups }: Searched, i: number): number {
  const all = groups();
  const start = all.starts[i]!;
  if (
    text[start - 1] === "-" ||
    text[start] !== "0" ||
    lengthOf(all, i) < 2 ||
    lengthOf(all, i) > 5 ||
    text[start + 1] === "0"
  )
    return -1;
  const inBrackets = text[start - 1] === "(" && /^\) ?$/.test(text.slice(all.ends[i], all.starts[i + 1]));
  let last = i + (inBrackets ? 1 : 0);
  const separator = gapAfter(all, last);
  while (gapAfter(all, last) !== "" && gapAfter(all, last) === separator) last++;
  if (separator === "/" && last !== i + 1) return -1;
  if (!inBrackets && !" -/.".includes(separator || "x")) return -1;
  const groupsRead = last - i + 1;
  const digits = digitsOf(all, i, last);
  if (groupsRead < 2 || groupsRead > 5 || digits.length < 9 || digits.length > 11) return -1;
  for (let k = i; k <= last; k++) if (lengthOf(all, k) < 2) return -1;
  if (separator === "." && !(groupsRead === 5 && digits.length === 10)) return -1;
  const isDate = lengthOf(all, i) === 2 && lengthOf(all, i + 1) === 2 && lengthOf(all, i + 2) === 4;
  const isFree = !isWordAt(text, start - 1) && !isWordAt(text, all.ends[last]!);
  return !isDate && isFree && standsAlone(all, i, last) ? last : -1;
}

/** Digits that the text itself calls a phone number: last group, or -1. */
function saidAt({ text, groups }: Searched, i: number): number {
  const all = groups();
  let last = i;
  let digits = lengthOf(all, i);
  while (digits < FEWEST_DIGITS && "-. ".includes(gapAfter(all, last) || "x")) digits += lengthOf(all, ++last);
  while (digits < MOST_DIGITS && "-. ".includes(gapAfter(all, last) || "x")) digits += lengthOf(all, ++last);
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS) return -1;
  if (isWordAt(text, all.starts[i]! - 1) || isWordAt(text, all.ends[last]!)) return -1;
  return isSaidBefore(text, all.starts[i]!, SAID) ? last : -1;
}

export const phone: Detector = {
  kind: "phone",
  about: "a phone number with its country code, in a national form that nothing else has, or called one by the text",
  needs: HAS.digits,
  find(searched) {
    const { text } = searched;
    const abroad = text.includes("+") ? international(searched) : [];
    const spans = [...abroad];
    const groups = searched.groups();
    let passed = 0;
    for (let i = 0; i < groups.starts.length; i++) {
      while (passed < abroad.length && abroad[passed]!.end <= groups.starts[i]!) passed++;
      if (passed < abroad.length && abroad[passed]!.start < groups.starts[i]!) continue;
      const dialled = dialledAbroadAt(searched, i);
      if (dialled) {
        spans.push(dialled);
        while (i + 1 < groups.starts.length && groups.starts[i + 1]! < dialled.end) i++;
        continue;
      }
      let last = northAmericanAt(searched, i);
      if (last < 0) last = trunkAt(searched, i);
      if (last >= 0 && readsAsGoods(text, groups.starts[i]!)) last = -1;
      if (last < 0) last = saidAt(searched, i);
      if (last < 0) continue;
      const start = groups.starts[i]!;
      spans.push({ start: text[start - 1] === "(" ? start - 1 : start, end: groups.ends[last]! });
      i = last;
    }
    return spans;
  },
  examples: [
    "+14155550132",
    "call +49 30 1234567",
    "+44 (0)20 7123 4567",
    "(415) 555-0132",
    "415.555.0132",
    "1-415-555-0132",
    "/call/09-7625400",
    "090-1234-5678",
    "01 42 68 53 00",
    "tel:13812345678",
    "mobile: 13812345678",
    "my UK number is 07911123456",
    "0041 44 668 18 00",
  ],
  nonExamples: [
    "13812345678",
    "order 123-456-7890",
    "my order number is 13812345678",
    "SKU 397-804-5559",
    "+1000000",
    "2026-11-21",
    "09-12-2026 10:30",
    "+02:00",
    "1.800.555",
    "978-3-16-148410-0",
    "SKU-04-12345-678",
    "v0.12.345.6789",
    "0.1234567890",
  ],
};
