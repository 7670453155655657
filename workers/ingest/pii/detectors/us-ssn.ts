import type { Detector } from "../detector.ts";
import { findGrouped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

/** Never given out: areas 000, 666; group 00; serial 0000. An area of 900 and more is a taxpayer's (ITIN): group 50 to 99. */
function isValid(digits: string): boolean {
  const area = Number(digits.slice(0, 3));
  const group = Number(digits.slice(3, 5));
  if (area === 0 || area === 666 || group === 0 || digits.endsWith("0000")) return false;
  // Known from advertisements, where they stand for any number.
  if (digits === "078051120" || digits === "123456789") return false;
  return area < 900 || (group >= 50 && group <= 99 && group !== 89 && group !== 93);
}

const ID = {
  lengths: [3, 2, 4],
  separators: "-. ",
  shortOf: [
    [3, 6],
    [5, 4],
  ],
  isValid,
  said: /ssn|social.?security|itin\b|tax(?:payer)?.?id/,
};

export const usSsn: Detector = {
  kind: "national_id",
  about: "United States: social security and taxpayer numbers",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["078-05-1123", "ssn 078 05 1123 given", "911-70-1234", "SSN: 078051123", "ITIN 911-701234"],
  nonExamples: [
    "078051123",
    "07805-1123",
    "666-12-3456",
    "078-05-0000",
    "693-09.4444",
    "12-078-05-1123",
    "911-89-1234",
    "078-05-11234",
  ],
};
