import { describe, expect, it } from "vitest";
import { watched } from "../../../durable-objects/site-shard/watched-scan.ts";
import type { ScanProgress } from "../../../workers/engine/scan.ts";
import { anEvent } from "../../support/events.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";

const FROM = Date.UTC(2026, 10, 21);
const events = Array.from({ length: 400 }, (_, n) =>
  anEvent({ at: FROM + n, visitorId: (n * 2654435761).toString(16).padStart(16, "0").slice(-16) }),
);
const request = {
  analysis: "totals",
  params: { measures: ["events"] },
  from: FROM,
  to: FROM + 1000,
  timeZone: "UTC",
  filters: [],
};
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a scan that is watched", () => {
  it("counts every row it looks at, of as many as there are", async () => {
    const progress: ScanProgress = { scanned: 0, rows: 0 };
    const reply = await scanAll(sourceOf(inBatches(events, 100)), [request], { sliceRows: 50, progress });
    expect([progress, reply.scanned]).toEqual([{ scanned: 400, rows: 400 }, 400]);
  });

  it("tells how far it is at most ten times a second, and never waits for who is told", async () => {
    let now = 0;
    const told: ScanProgress[] = [];
    const { pause, progress } = watched(
      nextTurn,
      (one) => told.push(one) > 0,
      () => now,
    );
    for (; now < 1000; now += 20) {
      progress!.scanned += 1;
      await pause();
      await nextTurn();
    }
    expect(told.map(({ scanned }) => scanned)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 41, 46]);
    const slow = watched(
      nextTurn,
      () => new Promise<boolean>(() => {}),
      () => now,
    );
    for (let turn = 0; turn < 5; turn++) await slow.pause();
  });

  it.each<[string, () => boolean | Promise<boolean>]>([
    ["says that it is enough", () => false],
    ["has gone", () => Promise.reject(new Error("disposed"))],
  ])("stops when who is told %s", async (_, answer) => {
    const { pause } = watched(nextTurn, answer);
    await pause();
    await nextTurn();
    await expect(pause()).rejects.toThrow("the scan was cancelled");
  });

  it("that nobody watches goes on as it would", () => {
    expect(watched(nextTurn, undefined)).toEqual({ pause: nextTurn });
  });
});
