import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  covers,
  EVERYBODY,
  inRange,
  leadOf,
  overlapOf,
  piecesOf,
  rangeOf,
  shardOf,
  type VisitorRange,
  without,
} from "../../../workers/domain/shard.ts";

const shards = fc.integer({ min: 1, max: 64 });
const visitors = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((number) => number.toString(16).padStart(16, "0"));
const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 2 ** 32 }), { maxLength: 9 })
  .map((bounds) => bounds.sort((a, b) => a - b))
  .map((bounds) => bounds.slice(1).map((to, i): VisitorRange => ({ from: bounds[i]!, to })));

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("a visitor's shard", () => {
  it("is the one whose range the visitor lies in", () => {
    fc.assert(
      fc.property(visitors, shards, (visitorId, count) => {
        const holders = numbers(count).filter((shard) => inRange(leadOf(visitorId), rangeOf(shard, count)));
        expect(holders).toEqual([shardOf(visitorId, count)]);
      }),
    );
  });

  it.each([
    ["0000000000000000", 0],
    ["ffffffffffffffff", 63],
    ["7fffffffffffffff", 31],
    ["8000000000000000", 32],
  ])("of %s among 64 is %i", (visitorId, shard) => {
    expect(shardOf(visitorId, 64)).toBe(shard);
  });
});

describe("the pieces of a move", () => {
  it("hold every visitor once, in the old shard and the new one that they name", () => {
    fc.assert(
      fc.property(visitors, shards, shards, (visitorId, few, many) => {
        const pieces = numbers(many).flatMap((shard) => piecesOf(shard, many, few));
        const own = pieces.filter((piece) => inRange(leadOf(visitorId), piece));
        expect(own).toMatchObject([{ oldShard: shardOf(visitorId, few), newShard: shardOf(visitorId, many) }]);
        expect(covers(pieces, EVERYBODY)).toBe(true);
      }),
    );
  });
});

describe("ranges", () => {
  it("without others hold who is in the first and not in the others", () => {
    fc.assert(
      fc.property(ranges, ranges, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (all, taken, lead) => {
        const isIn = (list: readonly VisitorRange[]) => list.some((range) => inRange(lead, range));
        expect(isIn(without(all, taken))).toBe(isIn(all) && !isIn(taken));
      }),
    );
  });

  it("cover another when nobody of it is left out", () => {
    fc.assert(
      fc.property(
        ranges,
        shards.map((n) => rangeOf(n - 1, n)),
        (list, whole) => {
          expect(covers(list, whole)).toBe(without([whole], list).length === 0);
        },
      ),
    );
  });

  it("that only touch share nobody", () => {
    expect(overlapOf({ from: 0, to: 5 }, { from: 5, to: 9 })).toBeNull();
    expect(overlapOf({ from: 0, to: 6 }, { from: 5, to: 9 })).toEqual({ from: 5, to: 6 });
  });
});
