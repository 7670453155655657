import type { Detector } from "../detector.ts";
import { findShaped } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

/** The fourth letter says what kind of holder it is. */
const SHAPE = /(?<![A-Za-z0-9_])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Za-z0-9_])/g;

export const inPan: Detector = {
  kind: "national_id",
  about: "India: permanent account number",
  needs: HAS.shortId,
  find: ({ text }) => findShaped(text, SHAPE, () => true),
  examples: ["ABCPD1234Z", "My PAN number is ABBPM4567S"],
  nonExamples: ["ABCD1234", "ABCXD1234Z", "SKU-ABCPD1234Z", "abcpd1234z"],
};
