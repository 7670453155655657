import { describe, expect, it } from "vitest";
import { createDropSamples } from "../../../durable-objects/site-shard/drop-samples.ts";
import { dropName } from "../../../workers/domain/drop-reason.ts";
import type { DropSample } from "../../../workers/store/drop-samples.ts";

const DAY = Date.UTC(2026, 10, 21);
const NOON = DAY + 12 * 3_600_000;

function keeping() {
  const written: DropSample[][] = [];
  const samples = createDropSamples();
  const settle = () =>
    samples.settle(async (rows) => {
      written.push(rows);
    });
  return { samples, settle, written };
}

describe("samples of what was refused", () => {
  it("are told when first seen, and again when they have doubled", async () => {
    const { samples, settle, written } = keeping();
    for (let count = 0; count < 100; count++) {
      samples.add(dropName("hostname", "staging.example.com"), 1, NOON);
      await settle();
    }
    expect(written.map(([row]) => row?.count)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(written[0]).toEqual([{ day: DAY, reason: "hostname", detail: "staging.example.com", count: 1 }]);
  });

  it("are few of each reason, whatever is sent, and none of a reason without", async () => {
    const { samples, settle, written } = keeping();
    for (let host = 0; host < 1000; host++) samples.add(dropName("hostname", `h${host}.example`), 1, NOON);
    samples.add("do_not_track", 7, NOON);
    samples.add(dropName("bot", "curl"), 3, NOON);
    await settle();
    expect(written.flat()).toHaveLength(21);
    expect(written.flat().map(({ reason }) => reason)).not.toContain("do_not_track");
  });

  it("begin anew each day", async () => {
    const { samples, settle, written } = keeping();
    samples.add(dropName("bot", "curl"), 3, NOON);
    await settle();
    samples.add(dropName("bot", "curl"), 1, NOON + 86_400_000);
    await settle();
    expect(written.flat().map(({ day, count }) => [day, count])).toEqual([
      [DAY, 3],
      [DAY + 86_400_000, 1],
    ]);
  });

  it("are told again when they could not be written", async () => {
    const { samples, settle, written } = keeping();
    samples.add(dropName("bot", "curl"), 3, NOON);
    await expect(samples.settle(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
    await settle();
    expect(written.flat()).toMatchObject([{ detail: "curl", count: 3 }]);
  });
});
