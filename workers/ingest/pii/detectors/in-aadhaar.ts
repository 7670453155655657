import type { Detector } from "../detector.ts";
import { findGrouped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

// Verhoeff's check digit: the dihedral group of order ten, written as products and as powers of one permutation.
const PRODUCT = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
const PERMUTED = "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    check = Number(PRODUCT[check * 10 + Number(PERMUTED[(i % 8) * 10 + digit])]);
  }
  return check === 0;
}

const ID = {
  lengths: [4, 4, 4],
  separators: " -:",
  isValid: (digits: string) => /^[2-9]/.test(digits) && passesVerhoeff(digits),
  said: /aadha+r|uidai/,
};

export const inAadhaar: Detector = {
  kind: "national_id",
  about: "India: Aadhaar number",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["3123 4567 8909", "3998-7654-3211", "My Aadhaar number is 400123456787"],
  nonExamples: ["1234 5678 9012", "312345678909", "3123 4567 8908", "order-2026-0610-6083"],
};
