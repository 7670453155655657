import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdmission } from "../../../durable-objects/site-shard/admission.ts";
import type { AppendBatch } from "../../../durable-objects/site-shard/protocol.ts";
import { createTokenBucket } from "../../../durable-objects/site-shard/token-bucket.ts";
import { siteIdSchema } from "../../../workers/domain/site.ts";

const of = {
  siteId: siteIdSchema.parse("example.com"),
  shard: 0,
  shards: 1,
  epoch: 1,
  timeZone: "UTC",
  jurisdiction: "none",
} as const;
const batch = (items: number, fields: Partial<AppendBatch> & { chars?: number } = {}): AppendBatch => {
  const { chars = 2, ...rest } = fields;
  return { of, items: Array.from({ length: items }, () => ({ packed: "x".repeat(chars) })), ...rest };
};

describe("a token bucket", () => {
  it("takes two seconds' worth at once, then closes until a twentieth of a second's worth is there", () => {
    const bucket = createTokenBucket();
    for (let n = 0; n < 200; n++) expect(bucket.take(1, 100, 0)).toBe(0);
    expect(bucket.take(1, 100, 0)).toBe(50);
    expect(bucket.take(1, 100, 20)).toBe(30);
    for (let n = 0; n < 5; n++) expect(bucket.take(1, 100, 50)).toBe(0);
    expect(bucket.take(1, 100, 50)).toBe(50);
  });

  it("takes a batch that is larger than itself, and nothing until that is paid back", () => {
    const bucket = createTokenBucket();
    expect(bucket.take(500, 10, 0)).toBe(0);
    expect(bucket.take(1, 10, 40_000)).toBeGreaterThan(0);
    expect(bucket.take(1, 10, 48_250)).toBe(0);
  });

  it("follows a new rate at once", () => {
    const bucket = createTokenBucket();
    bucket.take(500, 1, 0);
    expect(bucket.take(1, 1, 1)).toBeGreaterThan(0);
    expect(bucket.take(1, 1_000, 2)).toBe(0);
  });

  it("over any time takes the burst and what the rate allows, and no less than the rate under a flood", () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 200, maxLength: 800 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 2_000 }), arrivals, (rate, gaps) => {
        const bucket = createTokenBucket();
        let now = 0;
        let taken = 0;
        let refused = 0;
        for (const gap of gaps) {
          now += gap;
          if (bucket.take(5, rate, now) === 0) taken += 5;
          else refused++;
        }
        expect(taken).toBeLessThanOrEqual(rate * 2 + (now / 1000) * rate + 5);
        if (refused > 0) expect(taken).toBeGreaterThanOrEqual(Math.min(rate * 2, 5) + ((now / 1000) * rate - rate) / 2);
      }),
    );
  });
});

describe("admission to a shard", () => {
  it("is for no more than can wait, by number and by size", () => {
    const many = createAdmission();
    for (let n = 0; n < 5_000; n++) expect(many.enter(batch(1), 0)).toBe(null);
    expect(many.enter(batch(1), 0)).toBe("busy");
    many.leave(batch(1), 0);
    expect(many.enter(batch(1), 0)).toBe(null);

    const large = createAdmission();
    const heavy = batch(16, { chars: 32_000 });
    let taken = 0;
    while (large.enter(heavy, 0) === null) taken++;
    expect(taken * 16 * 32_000).toBeLessThan(18_000_000);
    large.leave(heavy, 0);
    expect(large.enter(heavy, 0)).toBe(null);
  });

  it("is refused when nothing was answered for two seconds", () => {
    const admission = createAdmission();
    admission.enter(batch(1), 1_000);
    expect(admission.enter(batch(1), 2_900)).toBe(null);
    expect(admission.enter(batch(1), 3_100)).toBe("busy");
    admission.leave(batch(1), 3_200);
    expect(admission.enter(batch(1), 5_100)).toBe(null);
  });

  it("is refused while the log is full", () => {
    const admission = createAdmission();
    admission.measured({ events: 499_999, chars: 0 });
    expect(admission.enter(batch(1), 0)).toBe(null);
    admission.logged({ events: 1, chars: 2 });
    expect(admission.enter(batch(1), 0)).toBe("busy");
    admission.measured({ events: 0, chars: 129 * 2 ** 20 });
    expect(admission.enter(batch(1), 0)).toBe("busy");
    admission.measured({ events: 0, chars: 0 });
    expect(admission.enter(batch(1), 0)).toBe(null);
  });

  it("says for how long a site over its limit is to wait, and counts events, not requests", () => {
    const admission = createAdmission();
    expect(admission.enter(batch(200, { limit: 100 }), 0)).toBe(null);
    expect(admission.enter(batch(1, { limit: 100 }), 0)).toEqual({ limitedFor: 50 });
    expect(admission.enter(batch(1), 0)).toBe(null);
  });
});
