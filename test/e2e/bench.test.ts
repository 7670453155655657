// The benchmark's figures are worth what its data and its counts are: what objects are filled with from the inside is what
// they answer from, and what the platform would bill is counted.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BenchServer, isoDay, periodOf, shapeOf, startBenchServer } from "../../bench/bench-server.ts";
import { measureDashboard } from "../../bench/dashboard/measure.ts";
import type { Reference } from "../../bench/reference/events.ts";
import { BROWSER } from "../support/api.ts";

const now = Date.now();
const shape = shapeOf(20_000, now);
let bench: BenchServer;
let reference: Reference;

beforeAll(async () => {
  bench = await startBenchServer();
  reference = await bench.fill("filled", shape);
});
afterAll(() => bench?.server.discard());

describe("the benchmark's Worker", () => {
  it("answers from exactly the events that it was filled with, before and after merging and roll-up", async () => {
    const { from, to } = periodOf(shape);
    const metrics = ["visitors", "visits", "events"];
    const query = (): Parameters<typeof bench.api.query>[0] => ({
      metrics,
      date_range: [isoDay(from), isoDay(to - 1)],
    });
    const ask = async () => (await bench.api.query(query(), "filled")).results;
    const expected = [{ dimensions: [], metrics: [reference.visitors, reference.visits, reference.events] }];
    expect(await ask()).toEqual(expected);
    await bench.rollUp("filled", shape);
    await bench.forget("filled");
    expect(await ask()).toEqual(expected);
  });

  it("counts a beacon as one request of the Worker and one of its object, and what is written down for it", async () => {
    await bench.api.createSite({ id: "counted" });
    await bench.quiet("counted");
    const before = await bench.counters();
    const reply = await bench.api.send(
      { site: "counted", name: "pageview", url: "https://example.com/" },
      { "user-agent": BROWSER },
    );
    expect(reply.body.accepted).toBe(1);
    const after = await bench.counters();
    expect(after.workerRequests - before.workerRequests).toBe(1);
    expect(after.objectRequests - before.objectRequests).toBe(1);
    expect(after.objectRowsWritten).toBeGreaterThan(before.objectRowsWritten);
    await bench.quiet("counted");
    expect((await bench.counters()).d1RowsWritten).toBeGreaterThan(after.d1RowsWritten);
  });
});

describe("the benchmark's readers", () => {
  it("see whole pages, of less script than was promised, and whole boards while every beacon is answered", async () => {
    const viewing = { viewers: 5, refreshMs: 500, perSecond: 50, warmUpMs: 500, measureMs: 1000 };
    const { pages, viewing: seen } = await measureDashboard(bench, { events: 20_000, now, loads: 1, viewing });
    expect(pages.map(({ name }) => name)).toEqual(["overview", "board", "explore"]);
    for (const { figureMs, wholeMs, scriptBytes, chartBytes, shift } of pages) {
      expect(figureMs).toBeGreaterThan(0);
      expect(wholeMs).toBeGreaterThanOrEqual(figureMs);
      expect(scriptBytes).toBeGreaterThan(0);
      expect(scriptBytes).toBeLessThan(200_000);
      expect(chartBytes).toBeGreaterThan(0);
      expect(shift).toBeLessThan(0.1);
    }
    expect([seen.together.count, seen.refreshed.count]).toEqual([5, 10]);
    expect(seen.beacons.alone.count).toBeGreaterThan(0);
    expect(seen.beacons.beside.count).toBeGreaterThan(0);
  });
});
