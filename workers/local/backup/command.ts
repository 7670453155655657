// How the two commands end: 0 done, 1 failed or damaged, 2 wrong options or refused.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../replay/usage-error.ts";
import { Damaged } from "./verify-backup.ts";

/** Options that are not known are for the person at the keyboard to put right. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export async function runCommand(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    const isTold = error instanceof UsageError || error instanceof Damaged;
    process.stderr.write(`${isTold ? error.message : error instanceof Error ? error.stack : error}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
