import { describe, expect, it } from "vitest";
import { createStrip } from "../../../durable-objects/site-shard/strip.ts";
import { STRIP_MS } from "../../../workers/domain/live.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;

describe("the minute strip", () => {
  it("counts events and page views by minute, and never attention", () => {
    const strip = createStrip();
    strip.add({ name: "pageview", at: NOON + 59_999 });
    strip.add({ name: "signup", at: NOON });
    strip.add({ name: "engagement", at: NOON });
    strip.add({ name: "pageview", at: NOON - 1 });
    expect(strip.minutes()).toEqual([
      { start: NOON - MINUTE_MS, pageviews: 1, events: 1 },
      { start: NOON, pageviews: 1, events: 2 },
    ]);
  });

  it("goes on from what was stored without changing it", () => {
    const stored = [{ start: NOON, pageviews: 2, events: 3 }];
    const strip = createStrip(stored);
    strip.add({ name: "pageview", at: NOON });
    expect(strip.minutes()).toEqual([{ start: NOON, pageviews: 3, events: 4 }]);
    expect(stored[0]?.events).toBe(3);
  });

  it("holds 48 hours", () => {
    const strip = createStrip();
    strip.add({ name: "pageview", at: NOON });
    strip.expire(NOON + STRIP_MS);
    expect(strip.minutes()).toHaveLength(1);
    strip.expire(NOON + STRIP_MS + 1);
    expect(strip.minutes()).toEqual([]);
  });
});
