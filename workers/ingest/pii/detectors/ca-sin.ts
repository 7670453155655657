import type { Detector } from "../detector.ts";
import { findGrouped } from "../grouped-id.ts";
import { passesLuhn } from "../luhn.ts";
import { HAS } from "../survey.ts";

const ID = {
  lengths: [3, 3, 3],
  separators: "- ",
  // 0 and 8 are not given out; what ends in zeros is a round amount.
  isValid: (digits: string) => /^[1-79]/.test(digits) && !digits.endsWith("000") && passesLuhn(digits),
  said: /\bsin\b|\bnas\b|social.?insurance|assurance.?sociale/,
};

export const caSin: Detector = {
  kind: "national_id",
  about: "Canada: social insurance number",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["130 692 544", "my SIN is 130-692-544", "sin: 130692544"],
  nonExamples: ["130692544", "130 692 545", "046 454 286", "$130 692 544", "046-454 286", "1306925440"],
};
