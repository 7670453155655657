// The cases of a well-known recogniser, by its own names of kinds, and a valid phone number of every region.
import { describe, expect, it } from "vitest";
import type { PiiKind } from "../../../../workers/domain/pii-kind.ts";
import { findPii, TYPED, WRITTEN } from "../../../../workers/ingest/pii/find-pii.ts";
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

const NATIONAL = [
  ..."US_SSN US_ITIN CA_SIN AU_TFN DE_TAX_ID ES_NIF IN_AADHAAR".split(" "),
  ..."IN_PAN IT_FISCAL_CODE PL_PESEL SG_NRIC_FIN UK_NHS UK_NINO".split(" "),
];

/** Counted as ids by the recogniser, which looks at their form alone, and what makes them none. */
const NO_IDS: Readonly<Record<string, string>> = {
  AAASA1111R: "no holder of a PAN has the letter S",
  ABCND1234Z: "nor N",
  A1111DFSFS: "a PAN has five letters, four digits, a letter",
  T1234567Z: "check letter J",
  G1122144L: "check letter R",
  A1234567Z: "no series A",
  B1234567Z: "no series B",
};

/** None of the kind that the recogniser asks for, but all that an SSN has, which is without a check. */
const ALSO_SSN: Readonly<Record<string, string>> = { "824753557": "AU_TFN", "130692545": "CA_SIN" };

describe.skipIf(fixturesDir === null)("the cases of a recogniser", () => {
  const cases = fixturesDir === null ? [] : readJsonFixture<Case[]>("pii/presidio_recognizer_cases.json");

  function tallyOf(entity: string, kind: PiiKind) {
    const tally = { entity, positives: 0, found: 0, named: 0, negatives: 0, touched: 0, alsoSsn: 0 };
    for (const { text, expected_count: count, spans } of cases.filter((one) => one.entity === entity)) {
      const found = findPii(text, TYPED);
      if (count === 0) {
        tally.negatives++;
        if (ALSO_SSN[text] === entity && found.length > 0) tally.alsoSsn++;
        else if (found.some((one) => one.kind === kind)) tally.touched++;
        continue;
      }
      for (const [start, end] of spans ?? [[0, text.length]]) {
        if (Object.hasOwn(NO_IDS, text.slice(start, end))) continue;
        const there = found.filter((one) => one.start < end && one.end > start);
        tally.positives++;
        if (there.length > 0) tally.found++;
        if (there.some((one) => one.kind === kind)) tally.named++;
      }
    }
    return tally;
  }

  const structured = Object.entries(STRUCTURED).map(([entity, { kind }]) => tallyOf(entity, kind));
  const national = NATIONAL.map((entity) => tallyOf(entity, "national_id"));
  if (fixturesDir !== null) console.table([...structured, ...national]);

  it.each(structured)("$entity is found", ({ entity, positives, named, negatives, touched }) => {
    expect(named / positives).toBeGreaterThanOrEqual(STRUCTURED[entity]!.recall);
    // An account number in small letters is one, too.
    expect(touched).toBeLessThanOrEqual(entity === "IBAN_CODE" ? 1 : 0);
    expect(negatives + positives).toBeGreaterThan(0);
  });

  it.each(national)("$entity is found if it passes its check, and nothing else is", ({ positives, found, touched }) => {
    expect(positives).toBeGreaterThan(0);
    expect(found / positives).toBeGreaterThanOrEqual(0.98);
    expect(touched).toBe(0);
  });

  it("takes at most one number in twenty for a national id that is none", () => {
    const sum = (of: (tally: (typeof national)[number]) => number) => national.reduce((all, one) => all + of(one), 0);
    const found = sum((one) => one.found);
    expect(found).toBe(67);
    expect(found / (found + sum((one) => one.touched + one.alsoSsn))).toBeGreaterThanOrEqual(0.95);
  });

  it.each(Object.keys(NO_IDS))("%s is no id", (text) => {
    expect(cases.some((one) => one.text === text)).toBe(true);
    expect(findPii(text, TYPED)).toEqual([]);
  });

  it.each(["078051121", "130692544", "0032698674", "911-701234", "91170-1234"])(
    "%s is one where somebody typed it, and not where a program wrote it",
    (text) => {
      expect(findPii(text, TYPED)).toHaveLength(1);
      expect(findPii(text, WRITTEN)).toEqual([]);
    },
  );

  it("finds a phone number of every region and kind, whole", () => {
    const numbers = readJsonFixture<{ e164: string }[]>("pii/phone_examples_shared.json");
    const missed = numbers.filter(({ e164 }) => {
      const [first] = findPii(`call ${e164} now`, TYPED);
      return first?.kind !== "phone" || first.end - first.start !== e164.length;
    });
    expect(numbers.length).toBeGreaterThan(300);
    expect(missed).toEqual([]);
  });
});
