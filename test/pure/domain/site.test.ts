import { describe, expect, it } from "vitest";
import { DEFAULT_CONSENT } from "../../../workers/domain/consent.ts";
import { EVENT_FIELDS, type Event, packEvent, unpackEvent } from "../../../workers/domain/event.ts";
import { DEFAULT_PII } from "../../../workers/domain/pii-kind.ts";
import { isTimeZone, newSiteSchema, siteIdSchema, sitePatchSchema } from "../../../workers/domain/site.ts";
import { collected } from "../ingest/facts.ts";

describe("a site", () => {
  it("is private and whole by default", () => {
    expect(newSiteSchema.parse({ id: "shop.example.com" })).toEqual({
      id: "shop.example.com",
      timeZone: "UTC",
      hostnames: [],
      excludedPaths: [],
      excludedReferrers: [],
      jurisdiction: "none",
      shards: 1,
      eventsPerSecond: null,
      honourDoNotTrack: true,
      consent: DEFAULT_CONSENT,
      exactLimit: null,
      currency: null,
      requestsPerHour: null,
      pii: DEFAULT_PII,
    });
  });

  it("has no exact limit until one is set, and none again when it is taken away", () => {
    expect(sitePatchSchema.parse({ exactLimit: 10_000_000 })).toEqual({ exactLimit: 10_000_000 });
    expect(sitePatchSchema.parse({ exactLimit: null })).toEqual({ exactLimit: null });
    expect(sitePatchSchema.parse({})).toEqual({});
    for (const exactLimit of [0, -1, 1.5, "10"]) expect(sitePatchSchema.safeParse({ exactLimit }).success).toBe(false);
  });

  it.each(["", ".hidden", "-x", "a b", "a/b", "ä", "x".repeat(101)])("cannot be called %j", (id) => {
    expect(siteIdSchema.safeParse(id).success).toBe(false);
  });

  it("compares hostnames in lower case", () => {
    expect(newSiteSchema.parse({ id: "a", hostnames: [" Example.COM "] }).hostnames).toEqual(["example.com"]);
  });

  it("cannot move to another jurisdiction", () => {
    expect(sitePatchSchema.safeParse({ jurisdiction: "eu" }).success).toBe(false);
  });

  it.each([1, 64, "auto"])("may have its shards set to %j", (shards) => {
    expect(sitePatchSchema.parse({ shards })).toEqual({ shards });
  });

  it.each([0, 65, 1.5, "2", null])("is told what shards may be, which %j is not", (shards) => {
    const { error } = sitePatchSchema.safeParse({ shards });
    expect(error?.issues[0]?.message).toContain("use a whole number from 1 to 64");
  });

  it.each([
    ["Europe/Berlin", true],
    ["Asia/Kathmandu", true],
    ["UTC", true],
    ["Mars/Olympus", false],
    ["", false],
  ])("zone %j: %s", (zone, valid) => {
    expect(isTimeZone(zone)).toBe(valid);
  });
});

describe("an event", () => {
  it("is the same after packing and unpacking", () => {
    const event = collected({ props: { a: [1, null, { b: true }] }, revenue: { amount: 2, currency: "EUR" } });
    expect(unpackEvent(packEvent(event))).toEqual(event);
    expect(packEvent(event)).toHaveLength(EVENT_FIELDS.length);
  });

  it("has every field in the stored format", () => {
    const event: Event = collected();
    expect(new Set(Object.keys(event))).toEqual(new Set(EVENT_FIELDS));
  });
});
