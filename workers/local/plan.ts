// `edgewise plan`: see docs/tracking-plan.md. Exit codes: 0 done, or nothing to say; 1 failed; 2 wrong options; 3 there are
// changes or hints, or the push was not made.

import { UsageError } from "./replay/usage-error.ts";
import { PLAN_USAGE, readPlanOptions } from "./tracking-plan/options.ts";
import { runPlan } from "./tracking-plan/run-plan.ts";

async function main(): Promise<number> {
  const options = readPlanOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(PLAN_USAGE);
    return 0;
  }
  return runPlan(options, { input: process.stdin, output: process.stdout, complaints: process.stderr });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
