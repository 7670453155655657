import type { Detector } from "../detector.ts";
import { findShaped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

// First letter not D, F, I, Q, U, V; second not O either; some pairs are never given out.
const SHAPE =
  /(?<![A-Za-z0-9_])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9_])/gi;
const SPACED = /^(?:\S{9}|\S{2} \S{7}|\S{2} \d{2} \d{2} \d{2} \S|\S{2} \d{6} \S|\S{8} \S)$/;

export const ukNino: Detector = {
  kind: "national_id",
  about: "United Kingdom: national insurance number",
  needs: HAS.shortId,
  find: ({ text }) => findShaped(text, SHAPE, (found) => SPACED.test(found)),
  examples: ["AA 12 34 56 B", "nino: PR 123612C", "tw987654a"],
  nonExamples: ["AA 12 34 56 H", "BG123612A", "FQ 00 00 00 C", "UV 98 76 54 B", "SKU-AB123456C"],
};
