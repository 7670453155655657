import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { siteIdSchema } from "../../../workers/domain/site.ts";
import { secretDates } from "../../../workers/ingest/identity.ts";
import { localDate } from "../../../workers/ingest/local-date.ts";
import { ingest } from "../../../workers/ingest/pipeline.ts";
import { aBeacon, aSite, CHROME, collect, collected, NOON, secret, someFacts } from "./facts.ts";

const granted = { consent: { analytics: true } };

describe("a visitor id", () => {
  it("is the first 64 bits of the HMAC of site, address and user agent under the local date's secret", () => {
    const hmac = createHmac("sha256", secret(21)).update(`shop\n203.0.113.7\n${CHROME}`).digest("hex");
    expect(collected().visitorId).toBe(hmac.slice(0, 16));
  });

  it("is the same all day and another the next", () => {
    const id = (now: number) => collected({ at: now }, { now }).visitorId;
    expect(id(Date.UTC(2026, 10, 21, 0, 0))).toBe(id(Date.UTC(2026, 10, 21, 23, 59)));
    expect(id(Date.UTC(2026, 10, 21, 23, 59))).not.toBe(id(Date.UTC(2026, 10, 22, 0, 0)));
  });

  it("changes at the site's midnight, so that a New Yorker is one visitor all evening", () => {
    const site = aSite({ timeZone: "America/New_York" });
    const id = (now: number) => collected({ at: now }, { now, site }).visitorId;
    expect(id(Date.UTC(2026, 10, 21, 22))).toBe(id(Date.UTC(2026, 10, 22, 4, 59)));
    expect(id(Date.UTC(2026, 10, 22, 4, 59))).not.toBe(id(Date.UTC(2026, 10, 22, 5, 0)));
  });

  it("differs by site, address and user agent", () => {
    const ids = [
      collected(),
      collected({}, { site: aSite({ id: siteIdSchema.parse("other") }) }),
      collected({}, { ip: "203.0.113.8" }),
      collected({}, { userAgent: `${CHROME} Edg/131.0` }),
    ].map(({ visitorId }) => visitorId);
    expect(new Set(ids).size).toBe(4);
  });

  it("is computed once for a batch and the same for each of its events", () => {
    const facts = someFacts();
    const [a, b] = [ingest(aBeacon(), facts), ingest(aBeacon({ name: "signup" }), facts)];
    expect(a).toMatchObject({ event: { visitorId: collected().visitorId } });
    expect(b).toMatchObject({ event: { visitorId: collected().visitorId } });
  });

  it("comes with the day before's for half an hour after midnight", () => {
    const at = (minutes: number) => {
      const now = Date.UTC(2026, 10, 21, 0, minutes);
      return collect({ at: now }, { now });
    };
    const evening = Date.UTC(2026, 10, 20, 23, 59);
    expect(at(0)).toMatchObject({ previousVisitorId: collected({ at: evening }, { now: evening }).visitorId });
    expect(at(29)).toHaveProperty("previousVisitorId");
    expect(at(30)).not.toHaveProperty("previousVisitorId");
    expect(at(-1)).not.toHaveProperty("previousVisitorId");
  });

  it("needs the secrets of the dates that are named beforehand", () => {
    expect(secretDates(Date.UTC(2026, 10, 21, 5, 10), "America/New_York")).toEqual(["2026-11-21", "2026-11-20"]);
    expect(secretDates(Date.UTC(2026, 10, 21, 5, 30), "America/New_York")).toEqual(["2026-11-21"]);
    // Cairo's clocks go from 23:59 to 01:00 on this night.
    expect(secretDates(Date.UTC(2026, 3, 23, 22, 10), "Africa/Cairo")).toEqual(["2026-04-24", "2026-04-23"]);
  });

  it("stands alone when the day before's secret is gone", () => {
    const now = Date.UTC(2026, 10, 21, 0, 5);
    expect(collect({ at: now }, { now, secrets: new Map([["2026-11-21", secret(21)]]) })).not.toHaveProperty(
      "previousVisitorId",
    );
  });

  it("cannot be made without the date's secret: that is an outage, not a refusal", () => {
    expect(() => collect({}, { secrets: new Map() })).toThrow("no visitor secret for 2026-11-21");
  });
});

describe("identities", () => {
  it("are dropped without consent", () => {
    const ids = { userId: "u-1", persistentId: "p-1" };
    expect(collected(ids)).toMatchObject({ userId: "", persistentId: "", consent: null });
    expect(collected({ ...ids, consent: { marketing: true } })).toMatchObject({ userId: "", persistentId: "" });
  });

  it("are kept by consent as pseudonyms that last, differ by site, and do not collide with each other", () => {
    const event = collected({ ...granted, userId: "same", persistentId: "same" });
    expect(event.userId).toMatch(/^[0-9a-f]{16}$/);
    expect(event.persistentId).toMatch(/^[0-9a-f]{16}$/);
    expect(event.userId).not.toBe(event.persistentId);
    const tomorrow = NOON + 24 * 3600_000;
    expect(collected({ ...granted, userId: "same", at: tomorrow }, { now: tomorrow }).userId).toBe(event.userId);
    expect(collected({ ...granted, userId: "same" }, { identityKey: secret(2) }).userId).not.toBe(event.userId);
  });

  it("record what was asked and what was not", () => {
    expect(collected({ consent: { analytics: true, marketing: false } }).consent).toEqual({
      analytics: "granted",
      experience: "unknown",
      marketing: "denied",
    });
  });
});

describe("a local date", () => {
  it.each([
    [Date.UTC(2026, 10, 21, 18, 14), "Asia/Kathmandu", "2026-11-21"],
    [Date.UTC(2026, 10, 21, 18, 15), "Asia/Kathmandu", "2026-11-22"],
    [Date.UTC(2026, 10, 21, 13, 29), "Australia/Adelaide", "2026-11-21"],
    [Date.UTC(2026, 10, 21, 13, 30), "Australia/Adelaide", "2026-11-22"],
    // Cairo's clocks skip the first hour of this day.
    [Date.UTC(2026, 3, 23, 21, 59), "Africa/Cairo", "2026-04-23"],
    [Date.UTC(2026, 3, 23, 22, 0), "Africa/Cairo", "2026-04-24"],
    [-1, "UTC", "1969-12-31"],
  ])("of %d in %s is %s", (ms, zone, date) => {
    expect(localDate(ms, zone)).toBe(date);
  });

  it("agrees with the calendar at any time in any order", () => {
    const zones = ["UTC", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns"];
    const times = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(times, fc.constantFrom(...zones), fc.integer({ min: 0, max: 3600_000 }), (ms, timeZone, later) => {
        for (const moment of [ms, ms + later]) {
          const calendar = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(moment);
          expect(localDate(moment, timeZone)).toBe(calendar);
        }
      }),
    );
  });
});
