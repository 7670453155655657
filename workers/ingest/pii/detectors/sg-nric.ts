import type { Detector } from "../detector.ts";
import { findShaped, weighted } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

const SHAPE = /(?<![A-Za-z0-9_])[STFGM]\d{7}[A-Z](?![A-Za-z0-9_])/gi;
const CHECKS: Readonly<Record<string, string>> = {
  S: "JZIHGFEDCBA",
  T: "JZIHGFEDCBA",
  F: "XWUTRQPNMLK",
  G: "XWUTRQPNMLK",
  M: "KLJNPQRTUWX",
};
/** Added for series that began later. */
const SERIES: Readonly<Record<string, number>> = { S: 0, T: 4, F: 0, G: 4, M: 3 };

function isValid(found: string): boolean {
  const upper = found.toUpperCase();
  const series = upper[0]!;
  const rest = (weighted(upper.slice(1), [2, 7, 6, 5, 4, 3, 2]) + SERIES[series]!) % 11;
  const letters = CHECKS[series]!;
  return letters[series === "M" ? 10 - rest : rest] === upper[8];
}

export const sgNric: Detector = {
  kind: "national_id",
  about: "Singapore: NRIC and FIN",
  needs: HAS.digits,
  find: ({ text }) => findShaped(text, SHAPE, isValid),
  examples: ["S2740116C", "NRIC F2346401L was processed", "M4332674T"],
  nonExamples: ["S2740116D", "PA12348L", "SKU-S2740116C", "A1234567Z"],
};
