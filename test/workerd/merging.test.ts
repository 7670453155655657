import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { mergeSegments } from "../../durable-objects/site-shard/merge-segments.ts";
import { sealBatch } from "../../durable-objects/site-shard/seal.ts";
import { createSegments, type Segments } from "../../durable-objects/site-shard/segments.ts";
import { analyses } from "../../workers/analyses/index.ts";
import { MEASURES } from "../../workers/catalog/measure.ts";
import type { Event } from "../../workers/domain/event.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { type ScanRequest, scan } from "../../workers/engine/scan.ts";
import { anEvent, packed } from "../support/events.ts";
import { createSite, DAY_MS, HOUR_MS, shardOfSite } from "./worker.ts";

const START = 16 * DAY_MS * 1200;
const NOW = START + 100 * DAY_MS;
const pause = async () => {};

/** Visitors that come back over three days, in segments of an hour. */
const hours = Array.from({ length: 60 }, (_, hour) =>
  Array.from({ length: 40 }, (_, i): Event => {
    const number = (hour * 7 + i * 13) % 90;
    const at = START + hour * HOUR_MS + i * 60_000;
    const visitorId = `${(number * 2654435761).toString(16).padStart(16, "0")}`.slice(-16);
    const name = i % 9 === 4 ? "signup" : "pageview";
    return anEvent({ at, visitorId, persistentId: visitorId, name, path: `/${i % 5}`, props: { plan: i % 3 } });
  }),
);

const question: Omit<ScanRequest, "analysis" | "params"> = {
  from: START + 5 * HOUR_MS,
  to: START + 50 * HOUR_MS,
  timeZone: "Asia/Kathmandu",
  filters: [],
};
const requests: ScanRequest[] = [
  { ...question, analysis: "totals", params: { measures: MEASURES } },
  { ...question, analysis: "breakdown", params: { measures: MEASURES, dimensions: ["visit:exit_page", "time:day"] } },
  { ...question, analysis: "properties", params: { of: null, property: "plan", limit: 9 } },
];

async function answers(segments: Segments) {
  const { partials } = await scan(segments, requests, { analyses, pause });
  const [totals, breakdown, properties] = partials;
  const dimensions = ["visit:exit_page", "time:day"];
  return [
    analyses.totals.conclude([totals], requests[0]!.params, question),
    analyses.breakdown.answer([breakdown as never], { measures: [...MEASURES], goals: [], dimensions }),
    analyses.properties.conclude([properties], requests[2]!.params, question),
  ];
}

interface Shard {
  storage: DurableObjectStorage;
  segments: Segments;
}

/** A shard's storage with a segment an hour. */
async function withHours(test: (shard: Shard) => Promise<void>, importId = ""): Promise<void> {
  const site = await createSite();
  await runInDurableObject(shardOfSite(site), async (_, { storage }) => {
    const segments = createSegments(storage);
    for (const events of hours) {
      const batch = sortedByVisitor(batchOf(packed(events)));
      await sealBatch(storage, { importId, batch }, { store: segments.store, pause });
    }
    segments.reset();
    await test({ storage, segments });
  });
}

const merge = ({ storage, segments }: Shard) => mergeSegments({ storage, store: segments.store, pause }, NOW);
const onDisk = ({ storage }: Shard) => storage.sql.exec<{ n: number }>("select count(*) as n from segments").one().n;

describe("merging segments", () => {
  it("changes no answer, leaves one segment of them, and waking finds the same", async () => {
    await withHours(async (shard) => {
      const before = await answers(shard.segments);
      while (await merge(shard));
      expect(shard.segments.store.all()).toHaveLength(1);
      expect(onDisk(shard)).toBe(1);
      expect(await answers(shard.segments)).toEqual(before);
      expect(await answers(createSegments(shard.storage))).toEqual(before);
    });
  });

  it("keeps what a scan reads until the scan ends", async () => {
    await withHours(async (shard) => {
      const { batches, release } = await shard.segments.snapshot(pause);
      while (await merge(shard));
      expect(shard.segments.store.all()).toHaveLength(1);
      expect(batches.reduce((sum, batch) => sum + batch.text("path").codes.length, 0)).toBe(60 * 40);
      expect(onDisk(shard)).toBeGreaterThan(60);
      release();
      expect(onDisk(shard)).toBe(1);
    });
  });

  it("stopped at any point, leaves every event in exactly one segment that counts", async () => {
    await withHours(async (shard) => {
      const before = await answers(shard.segments);
      for (let stopAt = 0; stopAt < 200; stopAt += 7) {
        let pauses = 0;
        const stopping = async () => {
          if (pauses++ === stopAt) throw new Error("stopped");
        };
        // A clock that leaps makes it give way after every column.
        let clock = 0;
        const realNow = Date.now;
        Date.now = () => (clock += 100);
        const { store } = createSegments(shard.storage);
        const ended = await mergeSegments({ storage: shard.storage, store, pause: stopping }, NOW).catch(
          () => "stopped",
        );
        Date.now = realNow;
        const woken = createSegments(shard.storage);
        expect(await answers(woken)).toEqual(before);
        const { n } = shard.storage.sql.exec<{ n: number }>("select count(*) as n from pieces").one();
        const used = woken.store.all().map(({ id }) => id);
        const own = shard.storage.sql.exec<{ id: number }>("select id from pieces").toArray();
        expect(own.filter(({ id }) => used.includes(Math.floor(id / 2 ** 20)))).toHaveLength(n);
        if (ended === false) return;
      }
      expect.unreachable("it never came to its end");
    });
  });

  it("keeps imports apart, so that one can still be undone", async () => {
    await withHours(async (shard) => {
      const batch = sortedByVisitor(batchOf(packed(hours[0]!)));
      await sealBatch(shard.storage, { importId: "other", batch }, { store: shard.segments.store, pause });
      shard.segments.reset();
      while (await merge(shard));
      const kept = shard.segments.store.all().map(({ importId, count }) => [importId, count]);
      expect(kept.sort()).toEqual([
        ["history", 2400],
        ["other", 40],
      ]);
    }, "history");
  });
});
