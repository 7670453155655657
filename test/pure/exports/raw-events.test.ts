import fc from "fast-check";
import { expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";
import type { Event } from "../../../workers/domain/event.ts";
import { overlapOf, rangeOf, shardOf } from "../../../workers/domain/shard.ts";
import { scan } from "../../../workers/engine/scan.ts";
import { nextWidth, RAW_COLUMNS, rawEvents } from "../../../workers/exports/raw-events.ts";
import { inBatches, sourceOf } from "../../support/shards.ts";
import { someTraffic } from "../../support/traffic.ts";

const FROM = Date.UTC(2026, 10, 1);
const SHARDS = 3;
const column = (name: string) => RAW_COLUMNS.findIndex((one) => one.name === name);
const [AT, VISITOR, PATH] = [column("at"), column("visitorId"), column("path")];
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Visitors spread over all of the space of ids. */
const spread = (events: Event[]): Event[] =>
  events.map((event) => {
    const lead = Math.imul(Number.parseInt(event.visitorId.slice(0, 4), 16) + 1, 0x9e3779b1) >>> 0;
    return { ...event, visitorId: lead.toString(16).padStart(8, "0") + event.visitorId.slice(8) };
  });

async function download(all: Event[], options: { start?: string; expected: number }): Promise<unknown[][]> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    sourceOf(
      inBatches(
        all.filter(({ visitorId }) => shardOf(visitorId, SHARDS) === shard),
        5,
      ),
    ),
  );
  const ports = {
    async scan(request: Parameters<typeof scan>[1][number], within: { from: number; to: number }) {
      const partials: unknown[] = [];
      for (const [shard, source] of shards.entries()) {
        const own = overlapOf(within, rangeOf(shard, SHARDS));
        if (!own) continue;
        const visitors = [{ from: own.from, to: own.to - 1 }];
        partials.push(...(await scan(source, [request], { analyses, pause, visitors })).partials);
      }
      return partials;
    },
  };
  const period = { from: FROM, to: FROM + 4 * 86_400_000 };
  const rows: unknown[][] = [];
  for await (const some of rawEvents(ports, { period, timeZone: "UTC", ...options })) rows.push(...some);
  return rows;
}

const keyOf = (row: readonly unknown[]) => `${row[VISITOR]} ${row[AT]} ${row[PATH]}`;

it("a download has every event once, in order of visitor and time, and goes on from any visitor", async () => {
  const asked = fc.tuple(someTraffic(FROM).map(spread), fc.constantFrom(0, 100_000, 9_000_000), fc.nat());
  const property = fc.asyncProperty(asked, async ([all, expected, pick]) => {
    const within = all.filter(({ at }) => at >= FROM && at < FROM + 4 * 86_400_000);
    const rows = await download(all, { expected });
    const wanted = within.map(({ visitorId, at, path }) => `${visitorId} ${at} ${path}`);
    expect(rows.map(keyOf).sort()).toEqual(wanted.sort());
    const order = rows.map((row) => `${row[VISITOR]} ${String(row[AT]).padStart(16, "0")}`);
    expect(order).toEqual(order.toSorted());
    if (rows.length === 0) return;
    const start = String(rows[pick % rows.length]![VISITOR]);
    const rest = await download(all, { expected, start });
    expect(rest.map(keyOf)).toEqual(rows.filter((row) => String(row[VISITOR]) >= start).map(keyOf));
  });
  await fc.assert(property, { numRuns: 25 });
});

it("asks for fewer visitors after a large reply and more after a small one", () => {
  expect(nextWidth(1024, 10_000)).toBe(512);
  expect(nextWidth(1024, 4_000)).toBe(1024);
  expect(nextWidth(1024, 10)).toBe(2048);
  expect(nextWidth(1, 10_000)).toBe(1);
  expect(nextWidth(2 ** 32, 0)).toBe(2 ** 32);
});
