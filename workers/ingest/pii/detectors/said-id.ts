import type { Detector, Span } from "../detector.ts";
import { isSaidBefore } from "../said-before.ts";
import { HAS } from "../survey.ts";

const SHAPE = /(?<![A-Za-z0-9_-])(?:[A-Z]{0,2}\d{6,14}[A-Z]?)(?![A-Za-z0-9_-])/gi;
const SAID = new RegExp(
  [
    "passport",
    "pass(?:nummer|aporte)",
    "driv(?:er|ing).{0,3}licen[cs]e",
    "national.?id",
    "(?:id|identity).?(?:card|number)",
    "ausweis",
    "steuer",
    "tax.?(?:id|number)",
    "routing.?(?:number|no)",
    "(?:bank|account).?(?:number|no)",
  ].join("|"),
);

export const saidId: Detector = {
  kind: "national_id",
  about: "any number that the text calls a passport, licence, identity card, tax or account number",
  needs: HAS.shortId,
  find({ text }) {
    const spans: Span[] = [];
    for (const { 0: found, index } of text.matchAll(SHAPE)) {
      if (isSaidBefore(text, index, SAID)) spans.push({ start: index, end: index + found.length });
    }
    return spans;
  },
  examples: ["my passport is A12803456", "Driver license H12234567", "account number 945456787654"],
  nonExamples: ["A12803456", "order 945456787654", "passport photo 35x45"],
};
