import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ceiling } from "../../dashboard/charts/ceiling.ts";
import { backOff } from "../../dashboard/state/live-socket.ts";
import { parseRoute, siteHref } from "../../dashboard/state/router.ts";
import { domainOf, snippetOf } from "../../dashboard/state/sites.ts";
import { DEFAULT_CONSENT } from "../../workers/domain/consent.ts";
import { aSite } from "./site.ts";

const siteId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);
const page = fc.constantFrom("overview" as const, "live" as const, "settings" as const, "start" as const);

describe("paths", () => {
  it("lead back to the page that they were made for", () => {
    fc.assert(
      fc.property(siteId, page, (id, target) => {
        expect(parseRoute(siteHref(id, target))).toEqual({ page: target, siteId: id });
      }),
    );
  });

  it("show the sites at the root, and say so where there is nothing", () => {
    expect(parseRoute("/")).toEqual({ page: "sites" });
    expect(parseRoute("/new")).toEqual({ page: "new-site" });
    expect(parseRoute("/sites/x/what")).toEqual({ page: "not-found" });
    expect(parseRoute("/sites/%E0%A4%A")).toEqual({ page: "overview", siteId: "%E0%A4%A" });
  });
});

describe("a new site", () => {
  it("gets its id from whatever form of address was pasted", () => {
    for (const text of [
      "example.com",
      " https://www.Example.com/shop?a#b ",
      "http://example.com:8080",
      "EXAMPLE.com/",
    ]) {
      expect(domainOf(text)).toBe("example.com");
    }
  });

  it("has a one-line snippet, which can ask where the site does", () => {
    const origin = "https://stats.example.com";
    expect(snippetOf(aSite(), origin)).toBe(
      '<script defer data-site="example.com" src="https://stats.example.com/js/edgewise.js"></script>',
    );
    const asking = aSite({ consent: { ...DEFAULT_CONSENT, mode: "ask" } });
    expect(snippetOf(asking, origin)).toBe(
      '<script defer data-site="example.com" data-consent="ask" src="https://stats.example.com/js/edgewise-consent.js"></script>',
    );
  });
});

describe("reconnecting", () => {
  it("waits longer each time, never more than 30 s, and not all browsers alike", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = backOff(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(250);
        expect(wait).toBeLessThanOrEqual(30_000);
        expect(backOff(attempt + 1, random)).toBeGreaterThanOrEqual(wait);
      }),
    );
    expect(backOff(3, 0)).toBeLessThan(backOff(3, 1));
  });
});

describe("the top of a scale", () => {
  it("is a round number at or above the largest value, and at most twice it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 10_000_000 }), (largest) => {
        expect(ceiling(largest)).toBeGreaterThanOrEqual(largest);
        expect(ceiling(largest)).toBeLessThanOrEqual(largest * 2);
      }),
    );
    expect([0, 3, 7, 13, 87, 120].map(ceiling)).toEqual([4, 4, 8, 20, 100, 150]);
  });
});
