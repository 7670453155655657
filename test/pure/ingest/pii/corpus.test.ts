// How well personal values are told from the rest, on events of our own making: the table is printed.
import { describe, expect, it } from "vitest";
import type { PiiKind } from "../../../../workers/domain/pii-kind.ts";
import { seededRandom } from "../../../../workers/local/simulator/random.ts";
import { IMPERSONAL_VALUES } from "../../../support/impersonal-values.ts";
import { placed } from "../../../support/personal-corpus.ts";
import { PERSONAL_VALUES } from "../../../support/personal-values.ts";
import { collect } from "../facts.ts";

const EACH = 160;
const SEED = 7;
const KINDS = Object.keys(PERSONAL_VALUES) as (keyof typeof PERSONAL_VALUES)[]; // the record's own keys

interface Tally {
  sent: number;
  found: number;
  /** Found, but called another kind. */
  misnamed: number;
  /** Found where nothing personal is. A number may be both a phone's and a patient's: that is misnamed. */
  wrong: number;
}

function taken(beacon: Record<string, unknown>) {
  const result = collect(beacon);
  if ("reason" in result) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}

const tallies = new Map<PiiKind, Tally>(KINDS.map((kind) => [kind, { sent: 0, found: 0, misnamed: 0, wrong: 0 }]));
const missed: string[] = [];
const touched: string[] = [];
let impersonal = 0;

/** Digits that pass the check of an SSN, a SIN, a TFN, an Aadhaar, an NHS number. */
const CHECKED = ["078051121", "130692544", "876543210", "312345678909", "0032698674", "911-701234", "91170-1234"];

/** Where programs write numbers of their own. */
const WRITTEN_BY_PROGRAMS =
  "order_id orderNumber utm_id utm_term utm_content sku amount total order_value cartValue timestamp gclid fbclid zip " +
  "query_id message_id content_ids text_length note_count search_results context answer_code count id item page value_cents";

function sendPersonal(): void {
  for (const kind of KINDS) {
    const random = seededRandom(SEED, kind);
    const tally = tallies.get(kind)!;
    for (let i = 0; i < EACH; i++) {
      const value = PERSONAL_VALUES[kind](random);
      const { place, beacon } = placed(value, random);
      const { event, found = {} } = taken(beacon);
      tally.sent++;
      const kept = JSON.stringify(event);
      const isGone = !kept.includes(JSON.stringify(value).slice(1, -1)) && !kept.includes(encodeURIComponent(value));
      if (isGone && Object.keys(found).length > 0) tally.found++;
      else missed.push(`${kind} ${JSON.stringify(beacon)}`);
      if (isGone && !found[`${kind} ${place}`]) tally.misnamed++;
    }
  }
}

function sendImpersonal(): void {
  for (const [what, makers] of Object.entries(IMPERSONAL_VALUES)) {
    const random = seededRandom(SEED, what);
    for (const make of makers) {
      for (let i = 0; i < 40; i++) {
        const value = make(random);
        const { beacon } = placed(value, random);
        impersonal++;
        for (const name of Object.keys(taken(beacon).found ?? {})) {
          touched.push(`${what}: ${name}: ${value}`);
          const tally = tallies.get(name.split(" ")[0] as PiiKind); // as counted
          if (tally) tally.wrong++;
        }
      }
    }
  }
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

describe("personal values in events", () => {
  sendPersonal();
  sendImpersonal();
  const rows = [...tallies].map(([kind, tally]) => ({
    kind,
    ...tally,
    recall: percent(tally.found, tally.sent),
    precision: percent(tally.found, tally.found + tally.wrong),
  }));
  console.table(rows);
  console.log(`of ${impersonal} impersonal values ${touched.length} were touched`);

  it.each(rows)("$kind: at least 98 % are found, and 95 % of what is found is one", ({ kind }) => {
    const { sent, found, wrong } = tallies.get(kind)!;
    expect(found / sent, missed.filter((line) => line.startsWith(kind)).join("\n")).toBeGreaterThanOrEqual(0.98);
    expect(found / (found + wrong), touched.join("\n")).toBeGreaterThanOrEqual(0.95);
  });

  it("there are a thousand of each", () => {
    expect([...tallies.values()].reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThanOrEqual(1000);
    expect(impersonal).toBeGreaterThanOrEqual(1000);
  });

  it.each(WRITTEN_BY_PROGRAMS.split(" "))("leaves %s alone, whatever check its digits pass", (key) => {
    for (const digits of CHECKED) {
      const written = { props: { [key]: digits, more: [{ [key]: [digits] }] } };
      expect(taken(written)).toMatchObject({ event: written });
      expect(taken({ props: { [key]: Number(digits.replace("-", "")) } }).found).toBeUndefined();
    }
  });

  it.each(CHECKED)("leaves %s alone in addresses, campaigns, titles and names", (digits) => {
    const tags = ["source", "medium", "campaign", "term", "content"].map((tag) => `utm_${tag}=${digits}`);
    const url = `https://shop.example.com/${digits}/${digits}?${tags.join("&")}`;
    const beacon = { url, referrer: `https://other.example.net/${digits}`, title: digits, name: digits };
    expect(taken(beacon).found).toBeUndefined();
  });

  it.each(["note", "text", "value"])("leaves a number in %s alone that somebody's program sent as a number", (key) => {
    for (const number of [130692544, 312345678909, 1732190400]) {
      expect(taken({ props: { [key]: number } }).found).toBeUndefined();
      if (number > 1e9) expect(taken({ props: { [key]: "1732190400" } }).found).toBeUndefined();
    }
  });

  it("leaves order numbers, ids, times, hashes and the like alone, but for one in a hundred", () => {
    expect(touched.length / impersonal, touched.join("\n")).toBeLessThanOrEqual(0.01);
  });
});
