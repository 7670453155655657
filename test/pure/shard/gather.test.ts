import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGather } from "../../../durable-objects/site-shard/gather.ts";

/** Commits that end when the test says so. */
function heldCommits() {
  const groups: number[][] = [];
  const finish: ((error?: Error) => void)[] = [];
  const commit = (entries: number[]): Promise<number[]> => {
    groups.push(entries);
    return new Promise((resolve, reject) => {
      finish.push((error) => (error ? reject(error) : resolve(entries.map((entry) => entry * 10))));
    });
  };
  return { groups, finish, commit };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("gathering", () => {
  it("commits what comes in one turn together, and what comes meanwhile as the next group", async () => {
    const { groups, finish, commit } = heldCommits();
    const gather = createGather({ commit, turn: nextTurn });
    const first = [gather.add(1), gather.add(2)];
    await expect.poll(() => groups).toEqual([[1, 2]]);
    const second = [gather.add(3), gather.add(4)];
    expect(gather.waiting).toBe(2);
    finish[0]?.();
    expect(await Promise.all(first)).toEqual([10, 20]);
    await expect
      .poll(() => groups)
      .toEqual([
        [1, 2],
        [3, 4],
      ]);
    expect(gather.waiting).toBe(0);
    finish[1]?.();
    expect(await Promise.all(second)).toEqual([30, 40]);
  });

  it("gathers on while each turn brings more, and commits after four turns at the latest", async () => {
    const { groups, finish, commit } = heldCommits();
    let arriving = 6;
    const gather = createGather({
      commit,
      turn: async () => {
        await nextTurn();
        if (arriving-- > 0) void gather.add(arriving);
      },
    });
    void gather.add(10);
    await expect.poll(() => groups).toEqual([[10, 5, 4, 3, 2]]);
    finish[0]?.();
    void gather.add(11);
    await expect.poll(() => groups.at(1)).toEqual([11, 1, 0]);
    finish[1]?.();
    void gather.add(12);
    await expect.poll(() => groups.at(2)).toEqual([12]);
  });

  it("rejects all of a group whose commit failed, and only those", async () => {
    const { finish, groups, commit } = heldCommits();
    const gather = createGather({ commit, turn: nextTurn });
    const failed = Promise.allSettled([gather.add(1), gather.add(2)]);
    await expect.poll(() => groups.length).toBe(1);
    const next = gather.add(3);
    finish[0]?.(new Error("disk full"));
    expect((await failed).map((one) => one.status)).toEqual(["rejected", "rejected"]);
    await expect.poll(() => groups.length).toBe(2);
    finish[1]?.();
    expect(await next).toBe(30);
  });

  it("rejects an entry for which the commit returned nothing", async () => {
    const gather = createGather<number, number>({ commit: async () => [1], turn: nextTurn });
    const results = await Promise.allSettled([gather.add(1), gather.add(2)]);
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
  });

  it("gives each entry its own result, once, in whatever order and grouping they come", async () => {
    const property = fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }), async (pauses) => {
      const committed: number[] = [];
      const gather = createGather<number, string>({
        commit: async (entries) => {
          await nextTurn();
          committed.push(...entries);
          return entries.map((entry) => `result ${entry}`);
        },
        turn: nextTurn,
      });
      const results: Promise<string>[] = [];
      for (const [entry, pause] of pauses.entries()) {
        results.push(gather.add(entry));
        for (let turn = 0; turn < pause; turn++) await nextTurn();
      }
      expect(await Promise.all(results)).toEqual(pauses.map((_, entry) => `result ${entry}`));
      expect(committed).toEqual(pauses.map((_, entry) => entry));
    });
    await fc.assert(property, { numRuns: 50 });
  });
});
