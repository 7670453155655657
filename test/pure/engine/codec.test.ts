import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_FIELDS, type Event, type Props } from "../../../workers/domain/event.ts";
import { batchBuilder, batchOf } from "../../../workers/engine/batch.ts";
import { eventsOf, sortedByVisitor } from "../../../workers/engine/batch-rows.ts";
import { decodeBatch, encodeBatch, encodeBlock } from "../../../workers/engine/codec.ts";
import { paceOf } from "../../../workers/engine/pace.ts";
import { anEvent, packed } from "../../support/events.ts";
import { fixturesDir } from "../../support/fixtures.ts";
import { apachePageviews, plausibleEvents } from "../../support/web-fixtures.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const moment = fc.oneof(
  fc.integer({ min: 0, max: 4e12 }),
  fc.integer({ min: 0, max: 4e9 }).map((s) => s * 1000),
);
const amount = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
const props = fc.dictionary(
  fc.constantFrom("plan", "length", "path", "__proto__", "ü"),
  fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value))),
  { minKeys: 1 },
) as fc.Arbitrary<Props>;

const event: fc.Arbitrary<Event> = fc
  .record(
    {
      name: text,
      at: moment,
      receivedAt: moment,
      visitorId: fc.oneof(fc.constantFrom("00ff00ff00ff00ff", "abcdef0123456789"), text),
      path: text,
      title: text,
      country: fc.constantFrom("DE", "FR"),
      engagementMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e7 }), amount),
      scrollDepth: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true })),
      revenue: fc.option(fc.record({ amount, currency: fc.constantFrom("EUR", "JPY") })),
      props: fc.option(props),
      consent: fc.option(fc.constant({ analytics: "granted", experience: "denied", marketing: "unknown" } as const)),
    },
    { requiredKeys: ["at", "receivedAt"] },
  )
  .map(anEvent);

const events = fc.array(event, { maxLength: 40 });

/** Two events as the first version of the format stored them. */
const FIRST_BLOCK =
  "AQIAAAAAAECPQAAAAAAAQJ9AAAAAAACIo0AhAmF0AQcKcmVjZWl2ZWRBdAEGBG5hbWUADgl2aXNpdG9ySWQADQZ1c2VySWQABgxw" +
  "ZXJzaXN0ZW50SWQABghob3N0bmFtZQARBHBhdGgADQV0aXRsZQAGCHJlZmVycmVyAAYGc291cmNlAAYHY2hhbm5lbAAMCXV0bVNv" +
  "dXJjZQAGCXV0bU1lZGl1bQAGC3V0bUNhbXBhaWduAAYHdXRtVGVybQAGCnV0bUNvbnRlbnQABgdjb3VudHJ5AAYGcmVnaW9uAAYE" +
  "Y2l0eQAGB2Jyb3dzZXIABg5icm93c2VyVmVyc2lvbgAGAm9zAAYJb3NWZXJzaW9uAAYGZGV2aWNlAAYIbGFuZ3VhZ2UABgh0aW1l" +
  "Wm9uZQAGCGN1cnJlbmN5AAYHY29uc2VudAAGDGVuZ2FnZW1lbnRNcwEHC3Njcm9sbERlcHRoAQcGYW1vdW50AQcEcGxhbgINY3rB" +
  "zsIIAGNKMRIGAGNg5ChITE8ty0wtZwAAY2RigIBNUHohIwMjAGNgZGAAAGNgZGAAAGNg5E6tSMwtyEnVS87PZQAAY2Bi0k9i0k9k" +
  "ZGAEAGNgZGAAAGNgZGAAAGNgZGAAAGNgZHPJLEpNLmEAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAA" +
  "AGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGNgZGAAAGN8wc7AAABjfMHOwAAA" +
  "Y3zBzsAAAGNkYGBkVSooyldiAAA=";

describe("a block", () => {
  it("gives back every event as it was, in the order of the batch, without its id", () => {
    const cases = fc.property(events, (list) => {
      const sorted = sortedByVisitor(batchOf(packed(list)));
      expect(eventsOf(decodeBatch(encodeBatch(sorted)))).toEqual(eventsOf(sorted));
    });
    fc.assert(cases, { numRuns: 100 });
  }, 30_000);

  it("knows its bounds without decoding a column", () => {
    const cases = fc.property(events, (list) => {
      const { length, earliest, latest, newest } = decodeBatch(encodeBatch(sortedByVisitor(batchOf(packed(list)))));
      expect({ length, earliest, latest, newest }).toEqual({
        length: list.length,
        earliest: Math.min(...list.map(({ at }) => at)),
        latest: Math.max(...list.map(({ at }) => at)),
        newest: Math.max(...list.map(({ receivedAt }) => receivedAt)),
      });
    });
    fc.assert(cases, { numRuns: 50 });
  });

  it("holds dictionaries of more than 256 and more than 65,536 values", () => {
    for (const size of [300, 70_000]) {
      const list = Array.from({ length: size }, (_, i) =>
        anEvent({ path: `/${(i * 7919) % size}`, visitorId: i.toString(16).padStart(16, "0") }),
      );
      const batch = decodeBatch(encodeBatch(sortedByVisitor(batchOf(packed(list)))));
      const { codes, dict } = batch.text("path");
      expect(list.findIndex(({ path }, row) => dict[codes[row]!] !== path)).toBe(-1);
    }
  });

  it("keeps long columns apart from its head, in pieces, and reads only those it is asked for", async () => {
    const noise = (i: number) => createHash("sha512").update(String(i)).digest("base64");
    const list = Array.from({ length: 30_000 }, (_, i) => anEvent({ path: `/${noise(i)}`, title: `t${i}` }));
    const sorted = sortedByVisitor(batchOf(packed(list)));
    const { head, apart } = await encodeBlock(
      sorted,
      paceOf(async () => {}),
    );
    expect(Math.max(...apart.map(({ length }) => length))).toBe(1_900_000);
    const asked: number[] = [];
    const piece = (number: number) => {
      asked.push(number);
      return apart[number]!;
    };
    const batch = decodeBatch(head, { piece });
    expect(batch.length).toBe(30_000);
    expect(asked).toEqual([]);
    expect(batch.text("country").dict).toEqual([""]);
    expect(asked).toEqual([]);
    expect(batch.text("path").dict[batch.text("path").codes[41]!]).toBe(
      sorted.text("path").dict[sorted.text("path").codes[41]!],
    );
    expect(asked.length).toBeLessThan(apart.length);
    expect(JSON.stringify(eventsOf(batch)) === JSON.stringify(eventsOf(sorted))).toBe(true);
  });

  it("of the first version, its rows in any order, is still read", () => {
    const events = [
      anEvent({ visitorId: "00000000000000b2", at: 2000, receivedAt: 2500, path: "/b", props: { plan: "pro" } }),
      anEvent({ visitorId: "00000000000000a1", at: 1000, receivedAt: 1500, path: "/a" }),
    ];
    expect(eventsOf(decodeBatch(new Uint8Array(Buffer.from(FIRST_BLOCK, "base64"))))).toEqual(
      packed(events.toReversed()),
    );
  });

  it("of a version that is not known is refused", () => {
    const block = encodeBatch(sortedByVisitor(batchOf([])));
    block[0] = 99;
    expect(() => decodeBatch(block)).toThrow("version 99");
  });

  it("that is cut short is refused", () => {
    const block = encodeBatch(sortedByVisitor(batchOf(packed([anEvent()]))));
    expect(() => decodeBatch(block.subarray(0, block.length - 1))).toThrow("cut short");
  });
});

describe("sorting by visitor", () => {
  it("keeps every event and puts each visitor's in order of time", () => {
    const cases = fc.property(events, (list) => {
      const numbered = packed(list.map((one, index) => ({ ...one, title: String(index) })));
      const sorted = eventsOf(sortedByVisitor(batchOf(numbered)));
      const title = EVENT_FIELDS.indexOf("title");
      expect(sorted.toSorted((a, b) => Number(a[title]) - Number(b[title]))).toEqual(numbered);
      const at = EVENT_FIELDS.indexOf("at");
      const visitor = EVENT_FIELDS.indexOf("visitorId");
      sorted.forEach((row, index) => {
        const before = sorted[index - 1];
        if (before && before[visitor] === row[visitor])
          expect(Number(row[at])).toBeGreaterThanOrEqual(Number(before[at]));
      });
    });
    fc.assert(cases, { numRuns: 100 });
  });
});

describe("a batch under construction", () => {
  it("is not changed by events added after it was built", () => {
    const builder = batchBuilder();
    const early = Array.from({ length: 300 }, (_, i) => anEvent({ path: `/${i}`, props: { i } }));
    for (const row of packed(early)) builder.add(row);
    const snapshot = builder.build();
    for (let i = 0; i < 1000; i++) builder.add(packed([anEvent({ path: `/late/${i}`, props: { late: i } })])[0]!);
    expect(eventsOf(snapshot)).toEqual(packed(early));
    expect(eventsOf(decodeBatch(encodeBatch(sortedByVisitor(snapshot))))).toEqual(packed(early));
    expect(builder.build().length).toBe(1300);
  });

  it("takes events of an older, shorter format", () => {
    const whole = packed([anEvent({ path: "/old", props: { a: 1 } })])[0]!;
    const short = whole.slice(0, EVENT_FIELDS.indexOf("country")) as unknown as typeof whole; // as it was once stored
    expect(eventsOf(batchOf([short]))[0]![EVENT_FIELDS.indexOf("country")]).toBe("");
  });
});

describe.skipIf(!fixturesDir)("real traffic", () => {
  it.each([
    ["Plausible", plausibleEvents, 12],
    ["Apache", apachePageviews, 30],
  ])("of %s fits into few bytes an event", (_, load, most) => {
    const list = load();
    expect(encodeBatch(sortedByVisitor(batchOf(packed(list)))).length / list.length).toBeLessThan(most);
  });
});
