import { expect, it } from "vitest";
import { lineAt, listSources } from "./source.ts";

const tests = listSources().filter(({ path }) => /\.test\.tsx?$/.test(path) && path !== "test/repo/tests.test.ts");

function breaches(pattern: RegExp, remedy: string): string[] {
  return tests.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((found) => `${path}:${lineAt(text, found.index)}: ${found[0]}: ${remedy}`),
  );
}

it("a test is skipped for want of the outside test data or of ClickHouse only, so that the closing line is true", () => {
  const remedy =
    "only `skipIf(!fixturesDir)` and `skipIf(!hasClickHouse)` may skip; make what the test needs, or remove it";
  expect(breaches(/\b(?:describe|it|test)\.(?:skip|todo|only|runIf)\b/g, remedy)).toEqual([]);
  expect(breaches(/\.skipIf\((?!!fixturesDir\)|fixturesDir === null\)|!hasClickHouse\))[^)]*\)/g, remedy)).toEqual([]);
});

it("a test waits for what it expects and never sleeps", () => {
  const remedy = "wait for the condition (expect.poll, an event), or move the clock";
  expect(breaches(/\bsleep\(|setTimeout\((?:resolve|r|done)\b/g, remedy)).toEqual([]);
});

it("every test file lies in a project, so that none is silently left out", () => {
  const strays = tests
    .filter(({ path }) => !/^test\/(?:pure|repo|dashboard|workerd|e2e)\//.test(path))
    .map(({ path }) => `${path}: move it below test/pure, repo, dashboard, workerd or e2e`);
  expect(strays).toEqual([]);
});
