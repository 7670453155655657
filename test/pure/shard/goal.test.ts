import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGoal, matchesWildcard } from "../../../workers/domain/goal.ts";

describe("a goal", () => {
  it("for an event is its name, in which a star is a star", () => {
    const goal = { kind: "event", match: "sign*up" } as const;
    expect([matchesGoal(goal, "sign*up"), matchesGoal(goal, "signup")]).toEqual([true, false]);
  });

  it.each([
    ["/thanks", "/thanks", true],
    ["/thanks", "/thanks/", false],
    ["/shop/*", "/shop/", true],
    ["/shop/*", "/shop", false],
    ["*/thanks", "/de/thanks", true],
    ["/a*b*c", "/a-b-b-c", true],
    ["/a*a", "/a", false],
    ["*", "", true],
    ["/*.*", "/file", false],
    ["/(x)+*", "/(x)+y", true],
  ])("for a page %s and the path %s: %s", (match, path, expected) => {
    expect(matchesGoal({ kind: "page", match }, path)).toBe(expected);
  });

  it("matches as the regular expression of its pattern would", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "/"), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.split("*").join(".*")}$`);
        expect(matchesWildcard(pattern, value)).toBe(expression.test(value));
      }),
      { numRuns: 2000 },
    );
  });
});
