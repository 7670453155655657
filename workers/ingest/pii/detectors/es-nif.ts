import type { Detector } from "../detector.ts";
import { findShaped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

const SHAPE = /(?<![A-Za-z0-9_])(?:\d{7,8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z](?![A-Za-z0-9_])/gi;
const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

function isValid(found: string): boolean {
  const upper = found.toUpperCase().replace("-", "");
  const number = Number(upper.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter))));
  return LETTERS[number % LETTERS.length] === upper.at(-1);
}

export const esNif: Detector = {
  kind: "national_id",
  about: "Spain: the tax numbers of citizens (NIF) and of foreigners (NIE)",
  needs: HAS.digits,
  find: ({ text }) => findShaped(text, SHAPE, isValid),
  examples: ["12345678Z", "dni 55555555-k", "X1234567L"],
  nonExamples: ["12345678A", "A12345678Z", "55555555", "SKU-12345678Z", "6888693d-9944-213d-e865-3fc5719b2116"],
};
