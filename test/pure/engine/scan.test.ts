import { describe, expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";
import { paceOf } from "../../../workers/engine/pace.ts";
import { type ScanRequest, scan } from "../../../workers/engine/scan.ts";
import { anEvent } from "../../support/events.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";

const FROM = Date.UTC(2026, 10, 1);
const DAY = 24 * 3_600_000;

const request = (fields: Partial<ScanRequest> = {}): ScanRequest => ({
  analysis: "totals",
  params: { measures: ["events"] },
  from: FROM,
  to: FROM + DAY,
  timeZone: "UTC",
  filters: [],
  ...fields,
});

const events = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    anEvent({ at: FROM + i, receivedAt: FROM + 5 + i, visitorId: `v${i % 977}` }),
  );

describe("a scan", () => {
  it("of nothing answers nothing", async () => {
    expect(await scanAll(sourceOf([]), [request()])).toEqual({
      partials: [{ rows: [] }],
      scanned: 0,
      freshness: null,
      earliest: null,
    });
  });

  it("without requests tells where the events begin", async () => {
    const reply = await scanAll(sourceOf(inBatches(events(3), 2)), []);
    expect(reply).toEqual({ partials: [], scanned: 0, freshness: null, earliest: FROM });
  });

  it("settles what there is once, before it first gives way, and lets go of it at the end", async () => {
    const source = sourceOf(inBatches(events(60_000), 20_000));
    const log: string[] = [];
    const snapshot = async (giveWay: () => Promise<void>) => {
      log.push("snapshot");
      return { ...(await source.snapshot(giveWay)), release: () => void log.push("release") };
    };
    const pause = async () => {
      log.push("pause");
    };
    const requests = [request(), request({ analysis: "timeseries", params: { measures: ["events"], grain: "hour" } })];
    const later = request({ from: FROM + DAY, to: FROM + 2 * DAY });
    await scan({ ...source, snapshot }, [...requests, later], { analyses, pause });
    expect(log.filter((entry) => entry !== "pause")).toEqual(["snapshot", "release"]);
    expect(log.indexOf("pause")).toBeGreaterThan(log.indexOf("snapshot"));
    expect(log.at(-1)).toBe("release");
  });

  it("answers from the moment it started, whatever arrives meanwhile", async () => {
    const batches = inBatches(events(60_000), 20_000);
    const pause = async () => {
      batches.push(...inBatches(events(10), 10));
    };
    const { partials } = await scan(sourceOf(batches), [request()], { analyses, pause });
    expect(partials).toEqual([{ rows: [{ key: [], counts: [60_000] }] }]);
  });

  it("tells the receipt of the newest event in the period", async () => {
    const late = anEvent({ at: FROM + 2 * DAY, receivedAt: FROM + 3 * DAY });
    const reply = await scanAll(sourceOf(inBatches([...events(10), late], 100)), [request()]);
    expect(reply.freshness).toBe(FROM + 14);
  });
});

describe("pace", () => {
  it("gives way by work done where the clock stands still", async () => {
    let pauses = 0;
    const pace = paceOf(
      async () => {
        pauses++;
      },
      () => 0,
    );
    for (let rows = 0; rows < 4_000_000; rows += 50_000) await pace.spend(50_000);
    expect(pauses).toBe(10);
  });

  it("gives way by time where the work was slower than thought", () => {
    let now = 0;
    const pace = paceOf(
      async () => {},
      () => now,
    );
    expect(pace.spend(1)).toBeUndefined();
    now = 9;
    expect(pace.spend(1)).toBeInstanceOf(Promise);
  });
});
