// kill -9 of workerd inside sealing, merging, rolling up, copying out and taking in, at random moments. A failure is repeated with
// EDGEWISE_SEED; `npm run soak -- --rounds 50` does more of the same.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultRound, type Kill, type Rounds, startRounds, tallyOf } from "../support/fault-round.ts";
import type { TestServer } from "../support/server.ts";
import { startUpkeepServer } from "../support/upkeep.ts";

const ROUNDS = 8;
const seed = process.env.EDGEWISE_SEED ?? String(Date.now());

let server: TestServer;
let rounds: Rounds;
const kills: Kill[] = [];

beforeAll(async () => {
  server = await startUpkeepServer();
  rounds = startRounds(server, seed, [[1, "workerd"]]);
});
afterAll(async () => {
  console.log(`EDGEWISE_SEED=${seed}: ${tallyOf(kills)}`);
  await server.discard();
});

describe("killed while events come in and the shards do their upkeep", () => {
  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
    "round %i: query, live page, D1's copy and roll-ups say what was acknowledged, each event once",
    async () => {
      const report = await faultRound(rounds);
      kills.push(...report.kills);
      expect(report.events).toBeGreaterThan(0);
    },
  );

  it("some of those kills cut a chore off", () => {
    expect(kills.length).toBeGreaterThanOrEqual(ROUNDS);
    expect(kills.flatMap(({ cutOff }) => cutOff).filter((what) => what !== "ingest")).not.toEqual([]);
  });
});
