import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Formula, metricsIn, parseFormula, valueOfFormula } from "../../../workers/domain/formula.ts";

const values: Record<string, number | null> = { a: 6, b: 3, zero: 0, none: null, "orders@2": 10 };

function reckoned(text: string): number | null {
  const formula = parseFormula(text);
  if ("problem" in formula) throw new Error(formula.problem);
  return valueOfFormula(formula, (name) => values[name] ?? null);
}

describe("a formula", () => {
  it.each<[string, number | null]>([
    ["a", 6],
    ["a / b * 100", 200],
    ["a - b - 1", 2],
    ["a + b * 2", 12],
    ["(a + b) * 2", 18],
    ["-a + 10.5", 4.5],
    ["orders@2/a", 10 / 6],
    ["a / zero", null],
    ["a + none", null],
    ["2 * (a - (b - 1))", 8],
  ])("%s is %j", (text, value) => {
    expect(reckoned(text)).toBe(value);
  });

  it.each<[string, RegExp]>([
    ["a b", /b stands where an operator should/],
    ["a +", /ends too early/],
    ["(a", /bracket is not closed/],
    ["a)", /\) stands where an operator/],
    ["* a", /\* stands where a metric/],
    ["a ^ 2", /cannot read \^ 2/],
    ["constructor()", /\( stands where an operator/],
    ["", /ends too early/],
    [`${"(".repeat(5000)}a`, /deeper/],
    [`${"-".repeat(5000)}a`, /deeper/],
  ])("%s is refused, saying why", (text, problem) => {
    expect(parseFormula(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it("written out in brackets reads as itself", () => {
    const written = (formula: Formula): string => {
      if (formula.kind === "number") return String(formula.value);
      if (formula.kind === "metric") return formula.name;
      if (formula.kind === "negative") return `-(${written(formula.of)})`;
      return `(${written(formula.left)}) ${formula.operator} (${written(formula.right)})`;
    };
    const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
      formula: fc.oneof(
        { maxDepth: 4 },
        fc.nat(99).map((value): Formula => ({ kind: "number", value })),
        fc.constantFrom("a", "b_2", "c@3").map((name): Formula => ({ kind: "metric", name })),
        tie("formula").map((of): Formula => ({ kind: "negative", of })),
        fc
          .tuple(fc.constantFrom("+", "-", "*", "/"), tie("formula"), tie("formula"))
          .map(([operator, left, right]): Formula => ({ kind: "pair", operator, left, right })),
      ),
    }));
    const cases = fc.property(formula, (own) => {
      expect(parseFormula(written(own))).toEqual(own);
    });
    fc.assert(cases);
  });

  it("names each metric once", () => {
    const formula = parseFormula("a / (a + b) - c@2 * 3");
    expect("problem" in formula || metricsIn(formula)).toEqual(["a", "b", "c@2"]);
  });
});
