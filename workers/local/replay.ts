// `npm run replay`: see docs/replay.md. Exit codes: 0 done, 1 failed, 2 wrong options, 130 stopped by Ctrl-C.

import { readOptions, USAGE } from "./replay/options.ts";
import { runReplay } from "./replay/run-replay.ts";
import { type Outcome, summaryText } from "./replay/summary.ts";
import { UsageError } from "./replay/usage-error.ts";

const EXIT: Partial<Record<Outcome, number>> = { failed: 1, stopped: 130 };

/** Ctrl-C ends it in order; pressed again, at once. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      process.stderr.write("\nstopping after the requests that are on their way; again to stop at once\n");
      controller.abort();
    });
  }
  return controller.signal;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  const summary = await runReplay(options, { progress: process.stderr, signal: stopOnSignals() });
  process.stdout.write(`${options.json ? JSON.stringify(summary) : summaryText(summary)}\n`);
  return EXIT[summary.outcome] ?? 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
