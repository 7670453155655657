// Moves under random traffic, faults and questions, all at once, against a plain list of what was acknowledged.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { moveShards } from "../../workers/jobs/move-shards.ts";
import { moveThrough, objectsOf, raise } from "./moving.ts";
import { aView, createSite, from, rows, send } from "./worker.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

type Step =
  | { do: "send"; visitor: number }
  | { do: "repeat"; nth: number; flagged: boolean }
  | { do: "alarm" | "crash"; nth: number }
  | { do: "ask" };

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("send" as const), visitor: fc.nat(15) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("repeat" as const), nth: fc.nat(99), flagged: fc.boolean() }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant("alarm" as const), nth: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), nth: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.constant({ do: "ask" as const }) },
  ),
  { minLength: 20, maxLength: 40 },
);

/** Until it is acknowledged, as an SDK does. */
async function insist(body: Record<string, unknown>, visitor: number): Promise<"accepted" | "duplicate"> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = await send({ ...body, ...(attempt > 0 && { retry: true }) }, from(visitor));
    if (answer.status === 202) return answer.body.accepted === 1 ? "accepted" : "duplicate";
  }
  throw new Error("no acknowledgement");
}

async function countNow(site: Site): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await rows(site, { metrics: ["events"] }))[0]?.[0] ?? 0;
    } catch (error) {
      // An object that was just ended answers at the next time of asking.
      if (attempt === 5) throw error;
    }
  }
}

/** Returns how many events it sent, beside those that were `there`. */
async function playOn(site: Site, list: readonly Step[], there: number): Promise<number> {
  const sent: { body: Record<string, unknown>; visitor: number }[] = [];
  const underWay: Promise<unknown>[] = [];
  const pick = async (nth: number) => {
    const all = await objectsOf(site);
    return all[nth % all.length]!;
  };
  for (const step of list) {
    if (step.do === "send") {
      const one = { body: aView(site, { id: `event-${sent.length}` }), visitor: step.visitor };
      await insist(one.body, one.visitor);
      sent.push(one);
    } else if (step.do === "repeat" && sent.length > 0) {
      const { body, visitor } = sent[step.nth % sent.length]!;
      // A flagged repeat may come from another address.
      const again = step.flagged ? insist({ ...body, retry: true }, visitor + 1) : insist(body, visitor);
      expect(await again).toBe("duplicate");
    } else if (step.do === "alarm") {
      underWay.push(runDurableObjectAlarm(await pick(step.nth)).catch(() => undefined));
    } else if (step.do === "crash") {
      const crashing = runInDurableObject(await pick(step.nth), (_, state) => state.abort("crash"));
      underWay.push(crashing.catch(() => undefined));
    } else if (step.do === "ask") expect(await countNow(site)).toBe(there + sent.length);
  }
  await Promise.all(underWay);
  return sent.length;
}

it("whatever happens at once during a move, every acknowledged event is counted once", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const moves = fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (list, few) => {
    const site = await createSite({ shards: few });
    for (let visitor = 0; visitor < 16; visitor++) await insist(aView(site, { id: `old-${visitor}` }), visitor);
    await raise(site, few + 2);
    const known = 16 + (await playOn(site, list, 16));
    expect(await countNow(site)).toBe(known);
    // An object that was ended while its alarm rang may have none: cron sees to it.
    await moveShards.run(env, Date.now());
    await moveThrough(site);
    expect(await countNow(site)).toBe(known);
  });
  await fc.assert(moves, { numRuns: 4, endOnFailure: true });
}, 120_000);
