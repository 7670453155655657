import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { POINT_BLOBS, POINT_DOUBLES, pointIndex, pointOf } from "../../../workers/domain/point.ts";
import { anEvent } from "../../support/events.ts";

const bytes = (text: string) => Buffer.byteLength(text);

describe("a point", () => {
  it("keeps the order of the dataset's columns, which stored points were written in", () => {
    const first = "name hostname path referrer source channel utmSource utmMedium utmCampaign country region city";
    const then = "browser os device language currency browserVersion osVersion";
    expect(POINT_BLOBS).toEqual(`${first} ${then}`.split(" "));
    expect(POINT_DOUBLES).toEqual(["at", "amount", "engagementMs", "scrollDepth"]);
  });

  it("holds the event without any id of a person", () => {
    const event = anEvent({
      visitorId: "00000000000000ff",
      userId: "user-pseudonym",
      persistentId: "browser-pseudonym",
      id: "event-id",
      title: "Inbox of Jane",
      browserVersion: "141.0",
      revenue: { amount: 12.5, currency: "EUR" },
    });
    const point = pointOf("shop", event);
    expect(point.indexes).toEqual(["shop"]);
    expect(point.blobs).toHaveLength(POINT_BLOBS.length);
    expect(point.blobs.slice(16, 18)).toEqual(["EUR", "141.0"]);
    expect(point.doubles).toEqual([event.at, 12.5, 0, 0]);
    expect(JSON.stringify(point)).not.toMatch(/Jane|pseudonym|00000000000000ff|event-id/);
  });

  it("leaves long texts whole while they fit", () => {
    const path = `/${"x".repeat(8000)}`;
    expect(pointOf("shop", anEvent({ path })).blobs[2]).toBe(path);
  });

  it("stays within 16 KB whatever is in it, and cuts between characters", () => {
    const long = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.repeat(100));
    const cases = fc.property(fc.record({ path: long, referrer: long, name: long, city: long }), (texts) => {
      const event = anEvent(texts);
      const { blobs } = pointOf("shop", event);
      expect(blobs.reduce((sum, text) => sum + bytes(text), 0)).toBeLessThanOrEqual(16_000);
      expect(event.path.startsWith(blobs[2]!)).toBe(true);
      expect(blobs.every((text) => text.isWellFormed())).toBe(true);
    });
    fc.assert(cases);
  });

  it("has an index of 96 bytes at most, another for every site", () => {
    const long = "a".repeat(96);
    expect(pointIndex(long)).toBe(long);
    const [one, other] = [pointIndex(`${long}xyz`), pointIndex(`${long}xyy`)];
    expect([bytes(one), bytes(other)]).toEqual([96, 96]);
    expect(one).not.toBe(other);
  });
});
