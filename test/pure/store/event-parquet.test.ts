import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { initSync, readParquet } from "parquet-wasm/esm";
import { beforeAll, describe, expect, it } from "vitest";
import { addToDigest, EMPTY_DIGEST } from "../../../workers/domain/digest.ts";
import type { Event, PackedEvent } from "../../../workers/domain/event.ts";
import { batchOf } from "../../../workers/engine/batch.ts";
import { eventsOf } from "../../../workers/engine/batch-rows.ts";
import { ARCHIVE_COLUMNS, readEvents, rowsOf, writeEvents } from "../../../workers/store/archive/event-parquet.ts";
import { anEvent, packed } from "../../support/events.ts";
import { someTraffic } from "../../support/traffic.ts";

const about = { site: "shop", date: "2026-11-01" };
const pause = async () => undefined;
const write = async (events: readonly PackedEvent[], importId = "") =>
  (await writeEvents(events, { importId, about }, pause)).slice();

async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<PackedEvent[]> {
  const all: PackedEvent[] = [];
  for await (const group of readEvents(bytes)) all.push(...group);
  return all;
}

/** As segments give them. */
const sealed = (events: readonly Event[]) => eventsOf(batchOf(packed(events)));

const odd: Partial<Event>[] = [
  { props: { a: 1, b: "1", c: true, d: null, e: [1, { f: "" }], "": "empty name", ü: { __proto__x: 1 } } },
  {
    revenue: { amount: 0.1, currency: "EUR" },
    consent: { analytics: "granted", experience: "denied", marketing: "unknown" },
  },
  {
    at: 1_700_000_000_000.25,
    receivedAt: 1_700_000_000_001,
    title: "line\nbreak \u0000 é 漢 🦊",
    engagementMs: 1.5,
    scrollDepth: 100,
  },
  { at: -1, receivedAt: 0, props: {}, userId: "u", persistentId: "0123456789abcdef", visitorId: "0123456789abcdef" },
  { revenue: { amount: 5, currency: "JPY" } },
];

describe("events as Parquet", () => {
  it("come back as segments have them, whatever is in them", async () => {
    const events = sealed(odd.map(anEvent));
    expect(await readAll(await write(events))).toEqual(events);
    await fc.assert(
      fc.asyncProperty(someTraffic(1_700_000_000_000), async (traffic) => {
        const own = sealed(traffic);
        if (own.length > 0) expect(await readAll(await write(own))).toEqual(own);
      }),
      { numRuns: 20 },
    );
  });

  it("are the same bytes each time, in several groups of rows", async () => {
    const events = sealed(Array.from({ length: 5_000 }, (_, i) => anEvent({ at: i, props: { i } })));
    const bytes = await write(events, "old");
    expect(Buffer.compare(await write(events, "old"), bytes)).toBe(0);
    expect(rowsOf(bytes)).toBe(5_000);
    const digest = (own: readonly PackedEvent[]) => addToDigest(EMPTY_DIGEST, own);
    expect(digest(await readAll(bytes))).toEqual(digest(events));
  });

  describe("in another reader", () => {
    beforeAll(() => {
      const module = createRequire(import.meta.url).resolve("parquet-wasm/esm/parquet_wasm_bg.wasm");
      initSync({ module: readFileSync(module) });
    });

    it("are rows with the columns that the manifest names", async () => {
      const events = sealed(odd.slice(0, 4).map(anEvent));
      const table = tableFromIPC(readParquet(await write(events, "old")).intoIPCStream());
      expect(table.numRows).toBe(4);
      expect(table.schema.fields.map(({ name }) => name)).toEqual(ARCHIVE_COLUMNS.map(({ name }) => name));
      const [first, second, third] = table.toArray().map((row) => row.toJSON());
      expect(JSON.parse(first?.props)).toEqual(odd[0]!.props);
      expect(first).toMatchObject({ import_id: "old", revenue_currency: null });
      expect(second).toMatchObject({ revenue_amount: 0.1, revenue_currency: "EUR" });
      expect(third).toMatchObject({ title: odd[2]!.title, at_fraction: 1_700_000_000_000.25, engagement_ms: 1.5 });
      expect(Number(third?.at)).toBe(1_700_000_000_000);
    });
  });
});
