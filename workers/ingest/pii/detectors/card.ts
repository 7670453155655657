import type { Detector, Span } from "../detector.ts";
import { type DigitGroups, digitsOf, gapAfter, isWordAt, lengthOf, separatorOf } from "../digit-groups.ts";
import { passesLuhn } from "../luhn.ts";
import { HAS } from "../survey.ts";

/** First digits as a range, and the lengths that their issuer uses. ISO/IEC 7812; ranges as the schemes publish them. */
const ISSUERS: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  // UATP; 100 is left out, with which the ids of a large social network begin.
  [11, 19, [15]],
  [2200, 2204, [16]],
  [2221, 2720, [16]],
  [300, 305, [14]],
  [3095, 3095, [14]],
  [34, 34, [15]],
  [3528, 3589, [16, 19]],
  [36, 36, [14]],
  [37, 37, [15]],
  [38, 39, [14]],
  [4, 4, [16, 19]],
  [50, 50, [16, 19]],
  [51, 55, [16]],
  [56, 58, [16, 19]],
  [6011, 6011, [16, 19]],
  [6062, 6062, [16]],
  [62, 62, [16, 17, 18, 19]],
  [6304, 6304, [16, 19]],
  [6390, 6390, [16]],
  [644, 659, [16, 19]],
  [67, 67, [16, 19]],
  [81, 82, [16]],
  [9792, 9792, [16]],
];

const SHAPES: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];

/** Whether a payment card may have this number: an issuer's first digits and length, and the check digit. */
export function isCardNumber(digits: string): boolean {
  const known = ISSUERS.some(([from, to, lengths]) => {
    const lead = Number(digits.slice(0, String(from).length));
    return lead >= from && lead <= to && lengths.includes(digits.length);
  });
  return known && passesLuhn(digits);
}

/** The last group of a card's number that begins with group `i`, or -1; `passed` is where the card before it ends. */
function cardAt(groups: DigitGroups, i: number, passed: number): number {
  const { text, starts, ends } = groups;
  const before = gapAfter(groups, i - 1);
  if (isWordAt(text, starts[i]! - 1) || before === "-" || before === ".") return -1;
  if (lengthOf(groups, i) >= 14) {
    const after = gapAfter(groups, i);
    const isPart = isWordAt(text, ends[i]!) || after === "." || after === "-";
    return !isPart && isCardNumber(digitsOf(groups, i, i)) ? i : -1;
  }
  for (const shape of SHAPES) {
    const separator = separatorOf(groups, i, shape);
    if (separator !== " " && separator !== "-") continue;
    const last = i + shape.length - 1;
    const isPart = isWordAt(text, ends[last]!) || (separator === "-" && gapAfter(groups, last) === "-");
    if (isPart || isOfRow(groups, [i, last], passed)) continue;
    if (isCardNumber(digitsOf(groups, i, last))) return last;
  }
  return -1;
}

/** Fours in a row that go on beyond sixteen digits are a tracking number; behind another card they are a card. */
function isOfRow(groups: DigitGroups, [first, last]: readonly [number, number], passed: number): boolean {
  const separator = gapAfter(groups, first);
  const goesOn = gapAfter(groups, last) === separator && lengthOf(groups, last + 1) < 4;
  const cameFrom =
    gapAfter(groups, first - 1) === separator &&
    lengthOf(groups, first - 1) === 4 &&
    gapAfter(groups, first - 2) === separator &&
    passed !== groups.ends[first - 1];
  return goesOn || cameFrom;
}

export const card: Detector = {
  kind: "card",
  about: "a payment card's number, written in one or in the groups printed on cards",
  needs: HAS.digits,
  find({ groups }) {
    const all = groups();
    const spans: Span[] = [];
    for (let i = 0; i < all.starts.length; i++) {
      if (lengthOf(all, i) < 4) continue;
      const last = cardAt(all, i, spans.at(-1)?.end ?? -1);
      if (last < 0) continue;
      spans.push({ start: all.starts[i]!, end: all.ends[last]! });
      i = last;
    }
    return spans;
  },
  examples: [
    "4012888888881881",
    "paid with 4012-8888-8888-1881.",
    "4012 8888 8888 1881",
    "card=371449635398431&x=1",
    "3714 496353 98431",
    "5019717010103742",
    "122000000000003",
    "30569309025904",
  ],
  nonExamples: [
    "4012-8888-8888-1882",
    "1748503543012",
    "1732190400000",
    "0.4012888888881881",
    "9400 1118 9922 3397 5623 10",
    "550e8400-e29b-41d4-a716-446655440000",
    "A4012888888881881",
    "100001234567897",
  ],
};
