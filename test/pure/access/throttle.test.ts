import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCOUNT_PACE, ADDRESS_PACE, nextTry, type Tries } from "../../../workers/access/throttle.ts";

const HOUR = 3600_000;

/** Tries that are taken when somebody tries every `everyMs` for `forMs`. */
function taken(everyMs: number, forMs: number, pace = ACCOUNT_PACE): number {
  let tries: Tries | null = null;
  let count = 0;
  for (let now = 1; now <= forMs; now += everyMs) {
    const outcome = nextTry(tries, pace, now);
    if (!("tries" in outcome)) continue;
    tries = outcome.tries;
    count++;
  }
  return count;
}

describe("tries of a password", () => {
  it("are free at first, then wait twice as long each time", () => {
    let tries: Tries | null = null;
    const waits: number[] = [];
    let now = 1;
    for (let i = 0; i < 9; i++) {
      const outcome = nextTry(tries, ACCOUNT_PACE, now);
      if (!("tries" in outcome)) throw new Error("refused after its wait");
      tries = outcome.tries;
      waits.push(tries.until - now);
      now = Math.max(now + 1, tries.until);
    }
    expect(waits).toEqual([0, 0, 0, 0, 5_000, 10_000, 20_000, 40_000, 80_000]);
  });

  it("come to no more than some hundred a day, however fast they are made", () => {
    for (const every of [200, 1_000, 30_000]) expect(taken(every, 24 * HOUR)).toBeLessThan(120);
    expect(taken(1_000, 24 * HOUR, ADDRESS_PACE)).toBeLessThan(150);
  });

  it("are told how long to wait, and taken after it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 2 * HOUR }), (count, after) => {
        const before = { count, at: 0, until: 900_000 };
        const outcome = nextTry(before, ACCOUNT_PACE, after);
        expect("tries" in outcome).toBe(after >= before.until);
        if ("waitMs" in outcome) expect("tries" in nextTry(before, ACCOUNT_PACE, after + outcome.waitMs)).toBe(true);
      }),
    );
  });

  it("are forgotten after an hour of silence", () => {
    const outcome = nextTry({ count: 50, at: 0, until: 900_000 }, ACCOUNT_PACE, HOUR);
    expect(outcome).toEqual({ tries: { count: 1, at: HOUR, until: HOUR } });
  });
});
