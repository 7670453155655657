// A shard that the first version wrote, opened by this one: nothing is lost, and it lives on.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { FIRST_AT, FIRST_BLOCK, FIRST_LOG, FIRST_TABLES } from "../support/first-state.ts";
import { aView, createSite, from, passHours, readShard, rows, sendTaken, shardOfSite } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function writeFirstState(site: Site): Promise<void> {
  const block = Uint8Array.from(atob(FIRST_BLOCK), (letter) => letter.charCodeAt(0));
  const identity = { siteId: site.id, shard: 0, shards: 1, timeZone: "UTC", jurisdiction: "none", epoch: 1 };
  await runInDurableObject(shardOfSite(site), async (_, { storage }) => {
    await storage.deleteAll();
    const { sql } = storage;
    sql.exec(FIRST_TABLES);
    sql.exec("insert into facts values ('identity', ?)", JSON.stringify(identity));
    const logged = FIRST_AT + 3600_000;
    const segment =
      "insert into segments (import_id, at_min, at_max, received_at, count, body) values ('', ?, ?, ?, 3, ?)";
    sql.exec(segment, FIRST_AT, FIRST_AT + 120_000, FIRST_AT + 120_500, block);
    const log = "insert into log (import_id, at_min, at_max, received_at, count, body) values ('', ?, ?, ?, 1, ?)";
    sql.exec(log, logged, logged, logged + 500, FIRST_LOG);
  });
  await evictDurableObject(shardOfSite(site));
}

const asked = { metrics: ["visitors", "visits", "pageviews"], dimensions: ["event:page"] };
const FOUND = [
  ["/a", 2, 2, 2],
  ["/b", 2, 2, 2],
];

it("a shard of the first version answers as ever, takes events, seals, merges, rolls up and gives its events away", async () => {
  const site = await createSite();
  await writeFirstState(site);
  const found = async () => (await rows(site, asked)).sort();
  expect(await found()).toEqual(FOUND);
  await sendTaken(aView(site, { url: "https://shop.example/a" }), from("new"));
  const more = [["/a", 3, 3, 3], FOUND[1]];
  expect(await found()).toEqual(more);
  await passHours(site);
  expect(await readShard(site, "select seq from log")).toEqual([]);
  expect(await found()).toEqual(more);
  expect(await rows(site, { ...asked, dimensions: [], filters: [["is", "event:props:plan", ["pro"]]] })).toEqual([
    [1, 1, 1],
  ]);
  const shard = shardOfSite(site);
  const reply = await shard.backup({ want: "cut" });
  expect(reply).toMatchObject({ cut: { events: 5 } });
});
