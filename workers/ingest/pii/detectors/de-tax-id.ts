import type { Detector } from "../detector.ts";
import { findGrouped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

/** ISO 7064, MOD 11,10. */
function passesCheck(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < 10; i++) {
    const sum = (Number(digits[i]) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits[10]);
}

/** Of the first ten digits at most one is there more than once, and then two or three times. */
function hasItsDigits(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 0 || (repeated.length === 1 && repeated[0]! <= 3);
}

const ID = {
  lengths: [2, 3, 3, 3],
  separators: " ",
  isValid: (digits: string) => digits[0] !== "0" && hasItsDigits(digits) && passesCheck(digits),
  said: null,
};

export const deTaxId: Detector = {
  kind: "national_id",
  about: "Germany: tax id",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["12345678903", "IdNr. 98765432106 liegt vor.", "86 095 742 719"],
  nonExamples: ["12345678901", "02345678901", "11112345678", "123456789030"],
};
