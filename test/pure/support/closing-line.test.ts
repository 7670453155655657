import { expect, it } from "vitest";
import { closingLine } from "../../support/closing-line.ts";

const whole = { fixtures: null, clickHouse: null };

it("the closing line counts what was skipped for want of fixtures and says how to have it run", () => {
  const missing = { ...whole, fixtures: "/there" };
  expect(closingLine(0, whole)).toBe("0 tests skipped");
  expect(closingLine(1, missing)).toBe("1 test skipped: fixtures not found at /there, set EDGEWISE_FIXTURES");
  expect(closingLine(12, missing)).toMatch(/^12 tests skipped: /);
});

it("the closing line says how to get the ClickHouse that tests were skipped for", () => {
  const missing = { ...whole, clickHouse: "chdb@1.2.3" };
  expect(closingLine(5, missing)).toBe("5 tests skipped: no ClickHouse, npm install --no-save chdb@1.2.3");
  expect(closingLine(5, { ...missing, fixtures: "/there" })).toMatch(/EDGEWISE_FIXTURES; no ClickHouse/);
  expect(closingLine(0, missing)).toBe("0 tests skipped");
});

it("the closing line blames nothing for a name filter", () => {
  expect(closingLine(12, whole)).toBe("12 tests skipped");
});
