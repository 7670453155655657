import type { Detector } from "../detector.ts";
import { findGrouped, weighted } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

const ID = {
  lengths: [3, 3, 3],
  separators: " ",
  isValid: (digits: string) => !digits.endsWith("000") && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  said: /\btfn\b|tax.?file/,
};

export const auTfn: Detector = {
  kind: "national_id",
  about: "Australia: tax file number",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["876 543 210", "TFN 876543210"],
  nonExamples: ["876543210", "824 753 557", "876 543 210 €", "51 824 753 5564"],
};
