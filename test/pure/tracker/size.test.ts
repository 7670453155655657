import { brotliCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildTracker } from "../../../dashboard/tracker/build.ts";

const BUDGET_BYTES = 1500;

it(`the beacon script is at most ${BUDGET_BYTES} bytes in brotli, with everything it can do`, async () => {
  const { code } = await buildTracker();
  const bytes = brotliCompressSync(code).length;
  console.log(`edgewise.js: ${bytes} bytes in brotli, ${code.length} plain`);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});

it("the beacon script is JavaScript of 2020 in one expression statement", async () => {
  const { code } = await buildTracker();
  expect(code).toMatch(/^try\{\(\(\)=>\{.*\}\)\(\)\}catch\{\}$/s);
  expect(code).not.toMatch(/[?&|]{2}=|"use strict"|sourceMappingURL/);
});
