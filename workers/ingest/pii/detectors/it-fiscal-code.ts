import type { Detector } from "../detector.ts";
import { findShaped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

// Surname and name, year, letter of the month, day (40 more for women), town, check letter. Digits may be letters where
// two people would have the same.
const SHAPE =
  /(?<![A-Za-z0-9_])[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPR-T][\dLMNP-V]{2}[A-MZ][\dLMNP-V]{3}[A-Z](?![A-Za-z0-9_])/gi;

export const itFiscalCode: Detector = {
  kind: "national_id",
  about: "Italy: codice fiscale",
  needs: HAS.token,
  find: ({ text }) => findShaped(text, SHAPE, (found) => /\d/.test(found)),
  examples: ["RSSMRA85T10A562S", "codice fiscale: rssmra85t10a562s"],
  nonExamples: ["AAAAAA - 00B11C333N", "A55AAA00B11C333N", "internationalist", "RSSMRA85T10A562SX"],
};
