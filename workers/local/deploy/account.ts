// Reads what the account has, by commands that change nothing.

import { stripVTControlCharacters } from "node:util";
import type { Command, CommandResult, Run } from "./command.ts";
import type { Account } from "./plan.ts";

export const PROBES = {
  login: { program: "wrangler", args: ["whoami", "--json"] },
  databases: { program: "wrangler", args: ["d1", "list", "--json"] },
  secrets: { program: "wrangler", args: ["secret", "list", "--format", "json"] },
  projects: { program: "wrangler", args: ["pages", "project", "list", "--json"] },
} as const satisfies Record<string, Command>;

export type Inspection = { ok: true; account: Account } | { ok: false; detail: string; remedy: string };

const SIGN_IN =
  "run npx wrangler login, or set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID where there are several)";

export async function inspectAccount(run: Run): Promise<Inspection> {
  const login = await run(PROBES.login);
  if (login.code !== 0) return { ok: false, detail: "not signed in to Cloudflare", remedy: SIGN_IN };
  const databases = await run(PROBES.databases);
  if (databases.code !== 0) return refusal("could not list the D1 databases", databases);
  const projects = await run(PROBES.projects);
  if (projects.code !== 0) return refusal("could not list the Pages projects", projects);
  const secrets = await run(PROBES.secrets);
  if (secrets.code !== 0 && !/not found/i.test(secrets.stdout + secrets.stderr)) {
    return refusal("could not list the Worker's secrets", secrets);
  }
  return {
    ok: true,
    account: {
      databases: namesIn(databases.stdout, "name"),
      projects: namesIn(projects.stdout, "Project Name"),
      secrets: secrets.code === 0 ? namesIn(secrets.stdout, "name") : [],
    },
  };
}

function refusal(what: string, result: CommandResult): Inspection {
  return { ok: false, detail: `${what}: ${lastWords(result)}`, remedy: SIGN_IN };
}

/** The JSON list within a command's output, which may begin with a notice. */
function namesIn(output: string, key: string): string[] {
  const start = output.search(/^\[/m);
  if (start < 0) return [];
  const rows: Record<string, unknown>[] = JSON.parse(output.slice(start));
  return rows.flatMap((row) => (typeof row[key] === "string" ? [row[key]] : []));
}

/** The end of what a failed command said. */
export function lastWords({ stdout, stderr }: CommandResult): string {
  const said = stripVTControlCharacters(stderr.trim() || stdout.trim())
    .split("\n")
    .filter((line) => line.trim() !== "");
  return said.slice(-6).join("\n") || "it said nothing";
}
