// `npm test`: builds what the tests serve, runs every project, and ends with a line that says what was not run.
// Arguments go on to vitest: `npm test -- test/pure`, `npm test -- --project repo`.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseCLI, startVitest, type Vitest } from "vitest/node";
import { CHDB, hasClickHouse } from "./support/chdb.ts";
import { closingLine } from "./support/closing-line.ts";
import { fixturesDir } from "./support/fixtures.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const looked = process.env.EDGEWISE_FIXTURES ?? fileURLToPath(new URL("../../shared/fixtures", import.meta.url));

function build(): void {
  const { status } = spawnSync(process.execPath, ["workers/local/build.ts"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function countSkipped(vitest: Vitest): number {
  const modules = vitest.state.getTestModules();
  return modules.reduce((sum, module) => sum + [...module.children.allTests("skipped")].length, 0);
}

process.chdir(root);
build();
const { filter, options } = parseCLI(["vitest", ...process.argv.slice(2)]);
const vitest = await startVitest("test", filter, { ...options, config: "test/vitest.config.ts", watch: false });
const skipped = countSkipped(vitest);
await vitest.close();
const missing = { fixtures: fixturesDir === null ? looked : null, clickHouse: hasClickHouse ? null : CHDB };
console.log(closingLine(skipped, missing));
// A browser or server that a failed test left open must not keep the run alive.
process.exit();
