import { describe, expect, it } from "vitest";
import { isRefusal } from "../../../workers/ingest/draft.ts";
import { ingest } from "../../../workers/ingest/pipeline.ts";
import { readBody, siteOf } from "../../../workers/ingest/protocols/index.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { aBeacon, someFacts } from "./facts.ts";

const read = (body: unknown) => readBody("/api/event", body);

describe("a native body", () => {
  it("is one event, a list, or a list with its site", () => {
    const bare = { name: "pageview", url: "https://a.example/" };
    expect(read(aBeacon())).toEqual({ beacons: [aBeacon()] });
    expect(read([aBeacon(), aBeacon()])).toEqual({ beacons: [aBeacon(), aBeacon()] });
    expect(read({ site: "shop", events: [bare, { ...bare, site: "other" }] })).toEqual({
      beacons: [
        { ...bare, site: "shop" },
        { ...bare, site: "other" },
      ],
    });
  });

  it("keeps what is no event in its place, for the pipeline to refuse by its index", () => {
    expect(read({ site: "shop", events: [null, 1, "x"] })).toEqual({ beacons: [null, 1, "x"] });
  });

  it("of more than 500 events is refused, and the limit named", () => {
    const refusal = { reason: "invalid", errors: [{ path: "events", message: "at most 500 events a request" }] };
    expect(read(Array.from({ length: 501 }, () => aBeacon()))).toEqual(refusal);
    expect(read({ events: Array.from({ length: 501 }, () => 1) })).toEqual(refusal);
    expect(read(Array.from({ length: 500 }, () => aBeacon()))).toHaveProperty("beacons.length", 500);
  });

  it.each([[null], [1], ["text"], [true]])("cannot be %j", (body) => {
    expect(read(body)).toMatchObject({ reason: "invalid", errors: [{ path: "body" }] });
  });

  it("needs a list for its events", () => {
    expect(read({ events: {} })).toMatchObject({ reason: "invalid", errors: [{ path: "events" }] });
  });
});

describe("a Plausible body", () => {
  it("is told by its domain, in long and short keys", () => {
    const beacon = { site: "a.example", name: "Signup", url: "https://a.example/", referrer: "https://b.example/" };
    const { site, name, url, referrer } = beacon;
    expect(read({ domain: site, name, url, referrer })).toEqual({ beacons: [beacon] });
    expect(read({ d: site, n: name, u: url, r: referrer, i: false, v: 30 })).toEqual({ beacons: [beacon] });
  });

  it("gives properties and revenue, also as JSON in a string", () => {
    const expected = {
      beacons: [expect.objectContaining({ props: { a: 1 }, revenue: { amount: "1.50", currency: "EUR" } })],
    };
    const base = { d: "a.example", n: "x", u: "https://a.example/" };
    expect(read({ ...base, p: { a: 1 }, $: { amount: "1.50", currency: "EUR" } })).toEqual(expected);
    expect(read({ ...base, m: '{"a":1}', $: '{"amount":"1.50","currency":"EUR"}' })).toEqual(expected);
    expect(read({ ...base, p: "{broken" })).toEqual({ beacons: [expect.objectContaining({ props: "{broken" })] });
  });

  it("gives attention, and no scroll depth where none was measured", () => {
    const base = { d: "a.example", n: "engagement", u: "https://a.example/", e: 1500 };
    expect(read({ ...base, sd: 70 })).toEqual({ beacons: [expect.objectContaining({ engagement: 1500, scroll: 70 })] });
    expect(read({ ...base, sd: 255 })).toEqual({ beacons: [expect.not.objectContaining({ scroll: 255 })] });
  });

  it("goes to each of its domains", () => {
    const body = read({ d: "a.example, b.example", n: "pageview", u: "https://a.example/" });
    if (isRefusal(body)) throw new Error("refused");
    expect(body.beacons.map(siteOf)).toEqual(["a.example", "b.example"]);
  });

  it.skipIf(!fixturesDir)("is taken as Plausible's documentation writes it", () => {
    const bodies = readJsonFixture<unknown[]>("events/plausible_api_event_payloads.json");
    const events = bodies.map((body) => {
      const parsed = read(body);
      if (isRefusal(parsed)) throw new Error("refused");
      const result = ingest(parsed.beacons[0], someFacts());
      if (isRefusal(result)) throw new Error(JSON.stringify(result));
      return result.event;
    });
    expect(events[0]).toMatchObject({ name: "pageview", hostname: "dummy.site", path: "/", revenue: null });
    expect(events[1]).toMatchObject({ name: "Purchase", revenue: { currency: "USD", amount: 1322.22 } });
  });
});

it("the site of a beacon is known before it is parsed", () => {
  expect([aBeacon(), {}, null, 1, [], { site: 7 }].map(siteOf)).toEqual(["shop", "", "", "", "", ""]);
});
