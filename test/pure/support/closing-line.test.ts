import { expect, it } from "vitest";
import { closingLine } from "../../support/closing-line.ts";

it("the closing line counts what was skipped for want of fixtures and says how to have it run", () => {
  expect(closingLine(0, null)).toBe("0 tests skipped");
  expect(closingLine(1, "/there")).toBe("1 test skipped: fixtures not found at /there, set EDGEWISE_FIXTURES");
  expect(closingLine(12, "/there")).toMatch(/^12 tests skipped: /);
});

it("the closing line does not blame the fixtures for a name filter", () => {
  expect(closingLine(12, null)).toBe("12 tests skipped");
});
