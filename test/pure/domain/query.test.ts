import { describe, expect, it } from "vitest";
import { type Filter, filterSchema } from "../../../workers/domain/query.ts";

function nested(depth: number): Filter {
  return depth === 0 ? ["is", "event:page", ["/"]] : ["not", nested(depth - 1)];
}

describe("a filter's grammar", () => {
  it("takes numbers for text", () => {
    expect(filterSchema.parse(["is", "event:props:n", [3]])).toEqual(["is", "event:props:n", ["3"]]);
  });

  it("nests ten deep and refuses more, however deep, without failing", () => {
    expect(filterSchema.safeParse(nested(10)).success).toBe(true);
    expect(filterSchema.safeParse(nested(11)).success).toBe(false);
    let deep: unknown = nested(0);
    for (let i = 0; i < 50_000; i++) deep = ["not", deep];
    expect(filterSchema.safeParse(deep).success).toBe(false);
  });

  it.each([[[]], [["is"]], [["is", "a", []]], [["like", "a", ["b"]]], [["and", []]], ["is"], [null]])(
    "refuses %j",
    (bad) => {
      expect(filterSchema.safeParse(bad).success).toBe(false);
    },
  );
});
