import { brotliCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildTracker, SCRIPTS } from "../../../dashboard/tracker/build.ts";

const BUDGETS = [
  ["edgewise.js", 1500],
  ["edgewise-consent.js", 4100],
] as const;

it.each(BUDGETS)("%s is at most %i bytes in brotli, with everything it can do", async (name, budget) => {
  const { code } = await buildTracker(SCRIPTS[name]);
  const bytes = brotliCompressSync(code).length;
  console.log(`${name}: ${bytes} bytes in brotli, ${code.length} plain`);
  expect(bytes).toBeLessThanOrEqual(budget);
});

it.each(BUDGETS)("%s is JavaScript of 2020 in one expression statement", async (name) => {
  const { code } = await buildTracker(SCRIPTS[name]);
  expect(code).toMatch(/^try\{\(\(\)=>\{.*\}\)\(\)\}catch\{\}$/s);
  expect(code).not.toMatch(/[?&|]{2}=|"use strict"|sourceMappingURL/);
});
