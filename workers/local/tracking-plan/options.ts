// The command line of `edgewise plan`, parsed once.

import { parseArgs } from "node:util";
import { siteIdSchema } from "../../domain/site.ts";
import { UsageError } from "../replay/usage-error.ts";

export const PLAN_USAGE = `A site's tracking plan as a file: pushed, compared, fetched, and as TypeScript.

  npx edgewise plan push FILE --site ID     shows what changes, asks, and makes it the plan
  npx edgewise plan diff FILE --site ID     shows what would change
  npx edgewise plan pull [FILE] --site ID   writes the plan that holds to FILE, or prints it
  npx edgewise plan draft [FILE] --site ID  the same with a plan drawn from the last days' traffic
  npx edgewise plan lint FILE --site ID     looks at the names of the events
  npx edgewise plan types [FILE] [--out TYPES.ts]   TypeScript of FILE, or of the site's plan

FILE is YAML, or JSON by its ending.

  --site ID     the site
  --url URL     the server (http://127.0.0.1:8787, or PORT)
  --key KEY     key with the scopes query and define (EDGEWISE_KEY, or the admin token in EDGEWISE_DATA, .edgewise)
  --yes         do not ask before a push
  --breaking    push although senders that are right now would be wrong
  --days N      days of traffic for a draft (30)
  --out FILE    where types go (printed)
  --help

Exit codes: 0 done, no changes, no hints; 1 failed; 2 wrong options; 3 changes, hints, or a push that was not made.
`;

const COMMANDS = ["push", "diff", "pull", "draft", "lint", "types"] as const;
export type PlanCommand = (typeof COMMANDS)[number];

export interface PlanOptions {
  command: PlanCommand;
  /** "" for none. */
  file: string;
  /** "" for types of a file. */
  site: string;
  url: string;
  key: string | null;
  dataDir: string;
  yes: boolean;
  breaking: boolean;
  days: number;
  /** "" prints. */
  out: string;
}

/** Null when help was asked for. Throws `UsageError` for anything that does not fit. */
export function readPlanOptions(
  args: readonly string[],
  environment: Record<string, string | undefined>,
): PlanOptions | null {
  const { values, positionals } = parsed(args);
  if (values.help === true) return null;
  const [word, file = "", ...others] = positionals;
  const command = COMMANDS.find((one) => one === word);
  if (!command) throw new UsageError(`say what to do: ${COMMANDS.join(", ")}; --help shows how`);
  if (others.length > 0) throw new UsageError(`one file at a time; ${others[0]} is a second`);
  if (file === "" && ["push", "diff", "lint"].includes(command)) throw new UsageError(`name the file to ${command}`);
  const isOffline = command === "types" && file !== "";
  const site = siteIdSchema.safeParse(values.site);
  if (!site.success && !isOffline) throw new UsageError("name the site with --site ID (letters, digits, dots, dashes)");
  const days = Number(values.days ?? "30");
  if (!Number.isInteger(days) || days < 1 || days > 400)
    throw new UsageError("--days: use a whole number from 1 to 400");
  return {
    command,
    file,
    site: site.success ? site.data : "",
    url: (values.url ?? `http://127.0.0.1:${environment.PORT ?? "8787"}`).replace(/\/+$/, ""),
    key: values.key || environment.EDGEWISE_KEY || null,
    dataDir: environment.EDGEWISE_DATA ?? ".edgewise",
    yes: values.yes === true,
    breaking: values.breaking === true,
    days,
    out: values.out ?? "",
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { site: text, url: text, key: text, days: text, out: text, yes: flag, breaking: flag, help: flag },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; --help shows the options`);
  }
}
