// What holds for every detector.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PII_KINDS } from "../../../../workers/domain/pii-kind.ts";
import type { Detector, Span } from "../../../../workers/ingest/pii/detector.ts";
import { DETECTORS } from "../../../../workers/ingest/pii/detectors/index.ts";
import { digitGroups } from "../../../../workers/ingest/pii/digit-groups.ts";
import { WRITTEN } from "../../../../workers/ingest/pii/find-pii.ts";
import { surveyText } from "../../../../workers/ingest/pii/survey.ts";

const find = (detector: Detector, text: string): Span[] =>
  detector.find({ text, ...WRITTEN, groups: () => digitGroups(text) });

const detectors: [string, Detector][] = Object.entries(DETECTORS);

describe.each(detectors)("the detector %s", (_, detector) => {
  it("has a kind that settings name, and says what it finds", () => {
    expect(PII_KINDS).toHaveProperty(detector.kind);
    expect(detector.about).not.toBe("");
    expect(detector.examples.length).toBeGreaterThanOrEqual(2);
    expect(detector.nonExamples.length).toBeGreaterThanOrEqual(2);
  });

  it.each(detector.examples.map((text) => [text]))("finds one stretch in %j, and is asked to look", (text) => {
    expect(surveyText(text) & detector.needs).not.toBe(0);
    const spans = find(detector, text);
    expect(spans).toHaveLength(1);
    expect(spans[0]!.start).toBeGreaterThanOrEqual(0);
    expect(spans[0]!.end).toBeLessThanOrEqual(text.length);
    expect(spans[0]!.end).toBeGreaterThan(spans[0]!.start);
  });

  it.each(detector.nonExamples.map((text) => [text]))("finds nothing in %j", (text) => {
    expect(find(detector, text)).toEqual([]);
  });

  it("finds its examples within a sentence, one after the other", () => {
    for (const text of detector.examples) {
      const twice = find(detector, `Look: ${text} , and again; ${text} !`);
      expect(twice, text).toHaveLength(2);
    }
  });

  it("stays within any text, in order", () => {
    const pieces = fc.constantFrom(
      ...detector.examples,
      ...detector.nonExamples,
      "+",
      "@",
      ":",
      "::",
      "%",
      "eyJ",
      "0",
      " ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 8 }))), (parts) => {
        const text = parts.join("");
        for (const { start, end } of find(detector, text)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});
