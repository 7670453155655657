import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DROP_REASONS } from "../../../workers/domain/drop-reason.ts";
import { EVENT_FIELDS, type Event } from "../../../workers/domain/event.ts";
import { DEFAULT_PII } from "../../../workers/domain/pii-kind.ts";
import type { Refusal } from "../../../workers/ingest/draft.ts";
import { ingestImported } from "../../../workers/ingest/imported.ts";
import { ingest } from "../../../workers/ingest/pipeline.ts";
import { readBody, siteOf } from "../../../workers/ingest/protocols/index.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { aBeacon, aSite, CHROME, collected, NOON, someFacts, someImportFacts } from "./facts.ts";

function expectSound(result: { event: Event } | Refusal): void {
  if ("reason" in result) {
    expect(DROP_REASONS).toHaveProperty(result.reason);
    if (result.reason === "invalid") expect(result.errors?.length).toBeGreaterThan(0);
    for (const error of result.errors ?? [])
      expect([typeof error.path, typeof error.message]).toEqual(["string", "string"]);
    return;
  }
  expect(Object.keys(result.event)).toEqual([...EVENT_FIELDS]);
  const text = JSON.stringify(result.event);
  expect(text.isWellFormed()).toBe(true);
  expect(text).not.toContain("\\u0000");
  expect(text).not.toMatch(/\\ud[89a-f]/i);
  expect(JSON.parse(text)).toEqual(result.event);
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\0", "\ud800", "é", "@", "%", ".", "/", "?") }),
);
const anyJson = fc.jsonValue({ stringUnit: "binary" });
const almostBeacon = fc.record(
  {
    site: fc.oneof(fc.constant("shop"), anyJson),
    name: fc.oneof(anyText, anyJson),
    url: fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      anyText.map((text) => `https://a.example/${text}`),
      anyText.map((text) => `https://a.example/?utm_source=${text}&ref=${text}#/${text}`),
      anyJson,
    ),
    referrer: fc.oneof(fc.webUrl(), anyText, anyJson),
    title: fc.oneof(anyText, anyJson),
    id: fc.oneof(anyText, anyJson),
    at: fc.oneof(fc.integer({ min: NOON - 1e8, max: NOON + 1e6 }), fc.double(), anyJson),
    props: fc.oneof(fc.dictionary(anyText, anyJson), anyJson),
    revenue: fc.oneof(fc.record({ amount: anyJson, currency: fc.constantFrom("EUR", "eur") }), anyJson),
    engagement: anyJson,
    scroll: anyJson,
    width: anyJson,
    language: anyJson,
    userId: anyJson,
    persistentId: anyJson,
    consent: fc.oneof(fc.record({ analytics: fc.boolean() }), anyJson),
  },
  { requiredKeys: [] },
);

describe("whatever comes in", () => {
  it("as JSON gives an event or a refusal, and never throws", () => {
    fc.assert(fc.property(anyJson, (body) => expectSound(ingest(body, someFacts()))));
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), (text) => expectSound(ingest(JSON.parse(text), someFacts()))),
    );
  });

  it("as something like a beacon gives an event or a refusal", () => {
    fc.assert(
      fc.property(almostBeacon, anyText, anyText, (beacon, userAgent, language) => {
        expectSound(ingest(beacon, someFacts({ userAgent: `${CHROME}${userAgent}`, language })));
      }),
      { numRuns: 500 },
    );
  });

  it("as a beacon with fields of its own is still taken", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anyJson), anyText, (extra, title) => {
        const result = ingest({ ...extra, ...aBeacon({ title: title.slice(0, 200) }) }, someFacts());
        expectSound(result);
      }),
    );
  });

  it("as a line of history gives an event or a refusal", () => {
    const line = fc.oneof(
      anyJson,
      almostBeacon.map((beacon) => ({ ...beacon, line: 1, at: NOON, visitor: "v", userAgent: beacon.title })),
    );
    fc.assert(fc.property(line, (raw) => expectSound(ingestImported(raw, someImportFacts()))));
  });

  it("as a body is unpacked without throwing", () => {
    const body = fc.oneof(
      anyJson,
      fc.record({ d: anyText, n: anyJson, p: anyJson, $: anyJson, m: anyText }),
      fc.record({ events: anyJson }),
    );
    fc.assert(
      fc.property(body, (value) => {
        const parsed = readBody("/api/event", value);
        if ("reason" in parsed) return expectSound(parsed);
        for (const beacon of parsed.beacons) expect(typeof siteOf(beacon)).toBe("string");
      }),
    );
  });

  it("leaves the prototypes of this process alone", () => {
    const polluting =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"props":{"__proto__":{"polluted":1}}}';
    expectSound(ingest(JSON.parse(polluting), someFacts()));
    expectSound(ingest({ ...aBeacon(), ...JSON.parse(polluting) }, someFacts()));
    expect({}).not.toHaveProperty("polluted");
  });
});

describe.skipIf(!fixturesDir)("strings that break software", () => {
  const { xss, sqli } = fixturesDir
    ? readJsonFixture<Record<"xss" | "sqli", string[]>>("badinput/xss_sqli_shared.json")
    : { xss: [], sqli: [] };
  const naughty = fixturesDir ? readJsonFixture<string[]>("badinput/big_list_of_naughty_strings.json") : [];
  const strings = [...naughty, ...(xss ?? []), ...(sqli ?? [])].map((text) => text.replaceAll("\0", "").toWellFormed());

  /** Two of them hold an address of the Internet. */
  const KEPT = { site: aSite({ pii: { ...DEFAULT_PII, kinds: { ...DEFAULT_PII.kinds, ip: "off" } } }) };

  it("come out of title and properties as they went in", () => {
    expect(strings.length).toBeGreaterThan(1000);
    for (const text of strings) {
      const event = collected(
        {
          title: text.slice(0, 250).toWellFormed(),
          props: { text: text.slice(0, 1000).toWellFormed() },
        },
        KEPT,
      );
      expect(event.title).toBe(text.slice(0, 250).toWellFormed());
      expect(event.props).toEqual({ text: text.slice(0, 1000).toWellFormed() });
    }
  });

  it("are names where they fit one", () => {
    for (const text of strings) {
      const name = text.trim();
      if (name === "" || name.length > 120) continue;
      expect(collected({ name: text }, KEPT).name).toBe(name);
    }
  });

  it("are harmless as address, campaign, referrer, user agent and property name", () => {
    for (const text of strings) {
      const url = `https://a.example/${text}?utm_source=${encodeURIComponent(text)}`.slice(0, 4000);
      const beacon = aBeacon({ url, referrer: text.slice(0, 4000), props: { [text.slice(0, 100) || "empty"]: 1 } });
      expectSound(ingest(beacon, someFacts({ userAgent: CHROME + text, language: text })));
    }
  });
});
