import { describe, expect, it } from "vitest";
import { EVENT_FIELDS } from "../../../workers/domain/event.ts";
import { aSite, CHROME, collect, collected, NOON } from "./facts.ts";

describe("an accepted beacon", () => {
  it("becomes an event with what the edge knows", () => {
    const event = collected({
      url: "https://Shop.Example.com/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=autumn&q=secret",
      referrer: "https://www.google.com/search?q=x",
      title: "Pricing",
      id: "abc-1",
      at: NOON - 1000,
    });
    expect(event).toEqual({
      id: "abc-1",
      name: "pageview",
      at: NOON - 1000,
      receivedAt: NOON,
      visitorId: expect.stringMatching(/^[0-9a-f]{16}$/),
      userId: "",
      persistentId: "",
      hostname: "shop.example.com",
      path: "/pricing",
      title: "Pricing",
      referrer: "google.com/search",
      source: "newsletter",
      channel: "Email",
      utmSource: "newsletter",
      utmMedium: "email",
      utmCampaign: "autumn",
      utmTerm: "",
      utmContent: "",
      country: "DE",
      region: "Berlin",
      city: "Berlin",
      browser: "Chrome",
      browserVersion: "131.0",
      os: "Windows",
      osVersion: "10",
      device: "Desktop",
      language: "de-AT",
      engagementMs: 0,
      scrollDepth: 0,
      revenue: null,
      props: null,
      consent: null,
      timeZone: "Europe/Berlin",
    });
  });

  it("has its fields in the order of the stored format", () => {
    expect(Object.keys(collected())).toEqual([...EVENT_FIELDS]);
  });

  it("happened now when it does not say when", () => {
    expect(collected().at).toBe(NOON);
    expect(collected({ at: "2026-11-21T12:00:30+01:00" }).at).toBe(NOON - 3600_000 + 30_000);
  });

  it("carries attention only when it reports attention", () => {
    expect(collected({ name: "engagement", engagement: 1234.6, scroll: 80 })).toMatchObject({
      engagementMs: 1235,
      scrollDepth: 80,
    });
    expect(collected({ engagement: 1234, scroll: 80 })).toMatchObject({ engagementMs: 0, scrollDepth: 0 });
  });

  it("keeps revenue and properties as they were sent", () => {
    const event = collected({
      revenue: { amount: "1322.22", currency: "USD" },
      props: { plan: "team", seats: [1, 2] },
    });
    expect(event.revenue).toEqual({ amount: 1322.22, currency: "USD" });
    expect(event.props).toEqual({ plan: "team", seats: [1, 2] });
  });

  it("prefers the page's language to the browser's", () => {
    expect(collected({ language: "fr" }).language).toBe("fr");
    expect(collected({}, { language: "*" }).language).toBe("");
  });

  it("takes a Mac as wide as an iPad for the iPad it is", () => {
    const safari =
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
    expect(collected({ width: 1440 }, { userAgent: safari })).toMatchObject({ os: "Mac", device: "Desktop" });
    expect(collected({ width: 834 }, { userAgent: safari })).toMatchObject({ os: "iOS", device: "Tablet" });
  });
});

describe("a refusal", () => {
  it.each([
    ["a refused consent", { consent: { analytics: false } }, {}, "no_consent"],
    ["DNT or GPC", {}, { doNotTrack: true }, "do_not_track"],
    ["a known bot", {}, { userAgent: "Googlebot/2.1 (+http://www.google.com/bot.html)" }, "bot"],
    ["a client without a user agent", {}, { userAgent: " " }, "bot"],
    ["a host that the site does not list", {}, { site: aSite({ hostnames: ["example.org"] }) }, "hostname"],
    [
      "a referrer that the site takes for spam",
      { referrer: "https://www.spam.example/offer" },
      { site: aSite({ excludedReferrers: ["spam.example"] }) },
      "spam",
    ],
    ["a page that the site leaves out", {}, { site: aSite({ excludedPaths: ["/*"] }) }, "excluded"],
    ["a time more than 72 hours back", { at: NOON - 72 * 3600_000 - 1 }, {}, "too_old"],
    ["a time more than 5 minutes ahead", { at: NOON + 5 * 60_000 + 1 }, {}, "in_future"],
  ] as const)("says why: %s", (_about, beacon, facts, reason) => {
    expect(collect(beacon, facts)).toMatchObject({ reason });
  });

  it.each([
    ["a missing name", { name: undefined }, "name"],
    ["a name that is only space", { name: "  " }, "name"],
    ["a name that is only NUL", { name: "\0" }, "name"],
    ["a long name", { name: "x".repeat(121) }, "name"],
    ["an address without a host", { url: "/pricing" }, "url"],
    ["a script for an address", { url: "javascript:alert(1)" }, "url"],
    ["a wrong currency", { revenue: { amount: 1, currency: "euro" } }, "revenue.currency"],
    ["an amount that is no number", { revenue: { amount: "", currency: "EUR" } }, "revenue.amount"],
    ["an endless amount", JSON.parse('{"revenue":{"amount":1e999,"currency":"EUR"}}'), "revenue.amount"],
    ["too many properties", { props: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i, 1])) }, "props"],
    ["a polluting key", JSON.parse('{"props":{"__proto__":{"polluted":true}}}'), "props.__proto__"],
    ["a polluting key at the top", JSON.parse('{"__proto__":{"polluted":true}}'), "__proto__"],
    ["a polluting key deep down", { props: { a: [{ constructor: 1 }] } }, "props.a.0.constructor"],
    ["a polluting key behind a NUL", { props: { "__pro\0to__": 1 } }, "props.__pro\0to__"],
    ["more than 32 KB", { title: "x", extra: "x".repeat(33_000) }, "event"],
    ["bottomless nesting", JSON.parse(`{"props":{"a":${"[".repeat(8000)}${"]".repeat(8000)}}}`), /^props\.a(\.0){14}$/],
  ])("of an invalid beacon names the field: %s", (_about, beacon, path) => {
    expect(collect(beacon)).toMatchObject({
      reason: "invalid",
      errors: [{ path: typeof path === "string" ? path : expect.stringMatching(path) }],
    });
  });

  it("leaves DNT alone where the site switched it off", () => {
    const site = aSite({ honourDoNotTrack: false });
    expect(collected({}, { doNotTrack: true, site }).name).toBe("pageview");
  });

  it("never repeats the address or the user agent", () => {
    const refusals = [collect({ url: "x" }), collect({}, { userAgent: "curl/8 annas-laptop", ip: "203.0.113.7" })];
    expect(JSON.stringify(refusals)).not.toMatch(/203\.0\.113|curl\/8|annas/);
  });
});

describe("strings", () => {
  it("lose NUL and lone surrogates, and nothing else", () => {
    const event = collected({ title: "a\0b\ud800c", props: { "k\0": ["\udfff", { deep: "\0" }] } });
    expect(event.title).toBe("ab\ufffdc");
    expect(event.props).toEqual({ k: ["\ufffd", { deep: "" }] });
  });

  it("of a place are cleaned too", () => {
    const place = { country: "DE", region: "", city: "K\0öln", timeZone: "" };
    expect(collected({}, { place }).city).toBe("Köln");
  });
});

it("an event never holds the address or the user agent it came from", () => {
  const text = JSON.stringify(collected({ persistentId: "p-1", userId: "jane@example.com" }));
  expect(text).not.toContain("203.0.113.7");
  expect(text).not.toContain(CHROME);
  expect(text).not.toContain("jane@example.com");
});
