// The cases of a well-known recogniser, by its own names of kinds, and a valid phone number of every region.
import { describe, expect, it } from "vitest";
import type { PiiKind } from "../../../../workers/domain/pii-kind.ts";
import { findPii } from "../../../../workers/ingest/pii/find-pii.ts";
import { fixturesDir, readJsonFixture } from "../../../support/fixtures.ts";

interface Case {
  text: string;
  entity: string;
  expected_count: number;
  spans: [start: number, end: number][] | null;
}

/** Kinds with a form of their own, and the share that is found. */
const STRUCTURED: Readonly<Record<string, { kind: PiiKind; recall: number }>> = {
  CREDIT_CARD: { kind: "card", recall: 1 },
  CRYPTO: { kind: "crypto", recall: 1 },
  EMAIL_ADDRESS: { kind: "email", recall: 1 },
  // Five numbers with dots between are taken for a version.
  IP_ADDRESS: { kind: "ip", recall: 0.98 },
  MAC_ADDRESS: { kind: "mac", recall: 1 },
  IBAN_CODE: { kind: "iban", recall: 1 },
  PHONE_NUMBER: { kind: "phone", recall: 1 },
};

/** National ids; what is lost are bare digits that might be any number, and ids with a wrong check letter. */
const NATIONAL: Readonly<Record<string, number>> = {
  US_SSN: 0.85,
  US_ITIN: 0.5,
  CA_SIN: 0.77,
  AU_TFN: 0.5,
  DE_TAX_ID: 1,
  ES_NIF: 1,
  IN_AADHAAR: 0.77,
  IN_PAN: 0.4,
  IT_FISCAL_CODE: 1,
  PL_PESEL: 1,
  SG_NRIC_FIN: 0.5,
  UK_NHS: 0.66,
  UK_NINO: 1,
};

describe.skipIf(fixturesDir === null)("the cases of a recogniser", () => {
  const cases = fixturesDir === null ? [] : readJsonFixture<Case[]>("pii/presidio_recognizer_cases.json");

  function tallyOf(entity: string, kind: PiiKind) {
    const tally = { entity, positives: 0, found: 0, named: 0, negatives: 0, touched: 0 };
    for (const { text, expected_count: count, spans } of cases.filter((one) => one.entity === entity)) {
      const found = findPii(text);
      if (count === 0) {
        tally.negatives++;
        if (found.some((one) => one.kind === kind)) tally.touched++;
        continue;
      }
      for (const [start, end] of spans ?? [[0, text.length]]) {
        const there = found.filter((one) => one.start < end && one.end > start);
        tally.positives++;
        if (there.length > 0) tally.found++;
        if (there.some((one) => one.kind === kind)) tally.named++;
      }
    }
    return tally;
  }

  const structured = Object.entries(STRUCTURED).map(([entity, { kind }]) => tallyOf(entity, kind));
  const national = Object.keys(NATIONAL).map((entity) => tallyOf(entity, "national_id"));
  if (fixturesDir !== null) console.table([...structured, ...national]);

  it.each(structured)("$entity is found", ({ entity, positives, named, negatives, touched }) => {
    expect(named / positives).toBeGreaterThanOrEqual(STRUCTURED[entity]!.recall);
    // An account number in small letters is one, too.
    expect(touched).toBeLessThanOrEqual(entity === "IBAN_CODE" ? 1 : 0);
    expect(negatives + positives).toBeGreaterThan(0);
  });

  it.each(national)("$entity is found where its form or its text tells", ({ entity, positives, found, touched }) => {
    expect(found / positives).toBeGreaterThanOrEqual(NATIONAL[entity]!);
    expect(touched).toBe(0);
  });

  it("finds a phone number of every region and kind, whole", () => {
    const numbers = readJsonFixture<{ e164: string }[]>("pii/phone_examples_shared.json");
    const missed = numbers.filter(({ e164 }) => {
      const [first] = findPii(`call ${e164} now`);
      return first?.kind !== "phone" || first.end - first.start !== e164.length;
    });
    expect(numbers.length).toBeGreaterThan(300);
    expect(missed).toEqual([]);
  });
});
