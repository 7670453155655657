import type { Detector } from "../detector.ts";
import { findGrouped, weighted } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

/** Date of birth, the month with 20 added for those born since 2000; then the check digit. */
function isValid(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  const isDate = Number(digits[2]) <= 3 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

const ID = { lengths: [11], separators: "", isValid, said: null };

export const plPesel: Detector = {
  kind: "national_id",
  about: "Poland: PESEL",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["44051401458", "pesel=02270803624"],
  nonExamples: ["44051401459", "85040812345", "1111321111", "17321904000"],
};
