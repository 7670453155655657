import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { createSeenIds, KEPT_HOURS, type SeenIds } from "../../durable-objects/site-shard/seen-ids.ts";
import { RUN_IDS } from "../../durable-objects/site-shard/seen-run-choice.ts";
import { createSeenRuns, type SeenRuns } from "../../durable-objects/site-shard/seen-runs.ts";
import { expireSeen, moveSeen, recallSeen, storeSeen } from "../../durable-objects/site-shard/stored-memory.ts";
import { createSite, HOUR_MS, shardOfSite } from "./worker.ts";

const START = Date.UTC(2026, 10, 21);
const pause = async () => {};

interface Memory {
  seen: SeenIds;
  runs: SeenRuns;
}

function wake(storage: DurableObjectStorage, now: number): Memory {
  const runs = createSeenRuns(storage);
  const seen = createSeenIds(runs);
  recallSeen(storage.sql, seen, now - KEPT_HOURS * HOUR_MS);
  return { seen, runs };
}

/** What an hour's end does: ids are stored, and go to disk once there are many. */
async function tidy(storage: DurableObjectStorage, { seen, runs }: Memory, now: number): Promise<void> {
  storage.transactionSync(() => storeSeen(storage.sql, seen, now));
  seen.settle();
  expireSeen(storage.sql, seen, now - KEPT_HOURS * HOUR_MS);
  moveSeen({ storage, seen, runs }, now);
  while (await runs.tidy(now, pause));
}

async function inShard(test: (storage: DurableObjectStorage) => Promise<void>): Promise<void> {
  const site = await createSite();
  await runInDurableObject(shardOfSite(site), (_, { storage }) => test(storage));
}

const idOf = (hour: number, n: number) => `${hour}-${n}`;

describe("ids seen, of five hours with many each", () => {
  it("are all known, after waking too, in little memory and few rows, and forgotten when their time is over", async () => {
    await inShard(async (storage) => {
      const { sql } = storage;
      const rowsOf = (table: string) => sql.exec<{ n: number }>(`select count(*) as n from ${table}`).one().n;
      const memory = wake(storage, START);
      for (let hour = 0; hour < 5; hour++) {
        for (let n = 0; n < RUN_IDS; n++) memory.seen.add(idOf(hour, n));
        await tidy(storage, memory, START + hour * HOUR_MS);
      }
      expect(memory.seen.size).toBe(0);
      // Four hours became one run, the fifth waits for its like.
      expect(memory.runs.runs.map(({ count }) => count).sort()).toEqual([RUN_IDS * 4, RUN_IDS].sort());
      expect(rowsOf("seen_pages") / (5 * RUN_IDS)).toBeLessThan(0.001);
      expect(rowsOf("seen_recent")).toBe(0);

      const woken = wake(storage, START + 5 * HOUR_MS);
      for (const { seen, runs } of [memory, woken]) {
        for (let hour = 0; hour < 5; hour++) {
          for (let n = 0; n < RUN_IDS; n += 997) expect(seen.has(idOf(hour, n))).toBe(true);
        }
        for (let n = 0; n < 2_000; n++) expect(seen.has(`stranger-${n}`)).toBe(false);
        expect(runs.filterBytes).toBeLessThan(4 * 2 ** 20);
      }

      // The merged run's newest ids came in the fourth hour, the others an hour later.
      await tidy(storage, woken, START + (3 + KEPT_HOURS) * HOUR_MS);
      expect(woken.seen.has(idOf(3, 7))).toBe(true);
      await tidy(storage, woken, START + (4 + KEPT_HOURS) * HOUR_MS);
      expect([woken.seen.has(idOf(3, 7)), woken.seen.has(idOf(4, 7))]).toEqual([false, true]);
      await tidy(storage, woken, START + (5 + KEPT_HOURS) * HOUR_MS);
      expect(woken.seen.has(idOf(4, 7))).toBe(false);
      expect(["seen_pages", "seen_filters", "seen_runs"].map(rowsOf)).toEqual([0, 0, 0]);
    });
  });

  it("survive an end in the middle of a merge, and what it had written goes", async () => {
    await inShard(async (storage) => {
      const memory = wake(storage, START);
      for (let hour = 0; hour < 4; hour++) {
        for (let n = 0; n < RUN_IDS; n++) memory.seen.add(idOf(hour, n));
        storage.transactionSync(() => storeSeen(storage.sql, memory.seen, START));
        memory.seen.settle();
        moveSeen({ storage, ...memory }, START);
      }
      let turns = 0;
      const end = async () => {
        if (++turns === 3) throw new Error("the end");
      };
      await expect(memory.runs.tidy(START, end)).rejects.toThrow("the end");

      const woken = wake(storage, START);
      expect(woken.runs.runs).toHaveLength(4);
      expect(woken.seen.has(idOf(2, 5))).toBe(true);
      await tidy(storage, woken, START);
      expect(woken.runs.runs).toHaveLength(1);
      for (let hour = 0; hour < 4; hour++) expect(woken.seen.has(idOf(hour, 4_321))).toBe(true);
      expect(storage.sql.exec("select state from seen_runs").toArray()).toEqual([{ state: 1 }]);
    });
  });
});

describe("few ids seen", () => {
  it("stay in memory, and those of over 48 hours ago are forgotten", async () => {
    await inShard(async (storage) => {
      const memory = wake(storage, START);
      memory.seen.add("early");
      await tidy(storage, memory, START);
      memory.seen.add("late");
      await tidy(storage, memory, START + HOUR_MS);
      await tidy(storage, memory, START + 2 * HOUR_MS);
      expect(memory.runs.runs).toEqual([]);
      expect(storage.sql.exec("select id from seen_recent").toArray()).toHaveLength(2);
      memory.seen.add("unstored");
      expireSeen(storage.sql, memory.seen, START + 1);
      expect(["early", "late", "unstored"].map((id) => memory.seen.has(id))).toEqual([false, true, true]);
      expect(wake(storage, START + 2 * HOUR_MS).seen.has("late")).toBe(true);
    });
  });
});
