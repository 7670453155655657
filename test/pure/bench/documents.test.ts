// The figures in the README and in docs/scale.md are those of the last full run, and its last line is of the promised shape.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { between, figures } from "../../../bench/figures.ts";
import { jsonLine, type Outcome, readOutcome } from "../../../bench/outcome.ts";
import { scaleTables } from "../../../bench/scale.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const madeIn = (path: string): string => between(readFileSync(root + path, "utf8"));

async function lastRun(): Promise<Outcome> {
  const outcome = await readOutcome("latest");
  if (!outcome) throw new Error("bench/results/latest.json is missing: npm run bench");
  return outcome;
}

describe("the figures in the documents", () => {
  it("are the README's of the last run", async () => {
    expect(madeIn("README.md")).toBe(figures(await lastRun()));
  });

  it("are taken to larger rates in docs/scale.md", async () => {
    expect(madeIn("docs/scale.md")).toBe(scaleTables((await lastRun()).parts));
  });

  it("stand between marks that must not be lost", () => {
    expect(() => between("no marks")).toThrow("the document lacks");
  });
});

describe("the last line of --json", () => {
  it("leaves out what was not measured", () => {
    expect(jsonLine({ live: { sockets: 1, perSecond: 1, beacons: 1, p50: 1, p95: 2, p99: 3 } })).toEqual({
      live: { p50: 1, p95: 2, p99: 3 },
    });
  });
});
