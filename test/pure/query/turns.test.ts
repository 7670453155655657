import { describe, expect, it } from "vitest";
import type { QueryResult } from "../../../workers/domain/query.ts";
import { createAnswerCache } from "../../../workers/query/answer-cache.ts";
import type { QueryPorts } from "../../../workers/query/run.ts";
import { createTurns } from "../../../workers/query/turns.ts";
import { anEvent } from "../../support/events.ts";
import { rolledPortsOf } from "../../support/rolled.ts";
import { aSite, ask, inBatches, portsOf, scanAll, sourceOf } from "../../support/shards.ts";

const HOUR = 3_600_000;
const TODAY = Date.UTC(2026, 10, 21);
const NOW = TODAY + 15 * HOUR;
const LONGEST = 60_000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Events come in with every look at the shard, and with every reading of it. */
async function aBusySite() {
  const time = { now: NOW };
  const events = [anEvent({ at: TODAY + HOUR })];
  const readings: number[] = [];
  const rolled = await rolledPortsOf(
    { sources: [], timeZone: "UTC", from: TODAY, to: TODAY },
    { closedUntil: TODAY, versions: ["0"] },
  );
  const standing: typeof rolled.standing = async (shard, periods) => {
    const stands = await rolled.standing(shard, periods);
    return { ...stands, versions: periods.map(() => String(events.length)) };
  };
  const scan: QueryPorts["scan"] = async (_, requests) => {
    readings.push(events.length);
    const reply = await scanAll(sourceOf(inBatches([...events], 20)), requests);
    await turn();
    time.now += 10;
    events.push(anEvent({ at: TODAY + 2 * HOUR }));
    return [reply];
  };
  const clock = () => time.now;
  const answers = createAnswerCache<QueryResult>(1e6);
  const turns = createTurns({ pause: turn, clock, longest: LONGEST });
  const ports = (own: Partial<Pick<QueryPorts, "scan">> = {}) =>
    portsOf([], {
      ...{ site: aSite(), now: time.now, clock, scan, turns },
      rolled: { ...rolled, standing },
      answers: answers as NonNullable<QueryPorts["answers"]>, // only such questions are asked here
      ...own,
    });
  const count = async (given: QueryPorts) => (await ask(given, { metrics: ["events"] })).results[0]?.metrics[0];
  return { ports, count, events, readings, time, turns };
}

describe("questions asked alike at once", () => {
  it("are read twice at most, and each knows all that came before it", async () => {
    const { ports, count, events, readings, time } = await aBusySite();
    const first = count(ports());
    await turn();
    // These come while the first is being read: it is too old for them.
    time.now += 1;
    events.push(anEvent({ at: TODAY + 3 * HOUR }));
    const later = Array.from({ length: 20 }, () => count(ports()));
    expect(await first).toBe(1);
    const counts = await Promise.all(later);
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThanOrEqual(2);
    expect(readings).toHaveLength(2);
  });

  it("are read by another when the reading fails", async () => {
    const { ports, count } = await aBusySite();
    const failing = count(ports({ scan: () => turn().then(() => Promise.reject(new Error("cancelled"))) }));
    const other = count(ports());
    await expect(failing).rejects.toThrow("cancelled");
    expect(await other).toBe(1);
  });
});

describe("a turn", () => {
  it("is had by one at a time, by key, and by another once it is ended", () => {
    const turns = createTurns({ pause: turn, clock: () => NOW, longest: LONGEST });
    const done = turns.take("a");
    expect([turns.take("a"), turns.take("b")]).toEqual([null, expect.any(Function)]);
    done?.();
    expect(turns.take("a")).not.toBeNull();
  });

  it("that was never ended is taken after a while, and can no longer be ended by who forgot it", async () => {
    const time = { now: NOW };
    const turns = createTurns({ pause: turn, clock: () => time.now, longest: LONGEST });
    const forgotten = turns.take("a");
    const over = turns.over("a");
    time.now += LONGEST;
    await over;
    expect(turns.take("a")).not.toBeNull();
    forgotten?.();
    expect(turns.take("a")).toBeNull();
  });
});
