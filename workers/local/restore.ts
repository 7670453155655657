// `npm run restore`: see docs/operations.md. Exit codes: 0 done, 1 failed or damaged, 2 wrong options or refused.
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import * as z from "zod";
import { type Erased, erasedSchema } from "../domain/backup.ts";
import { readArguments, runCommand } from "./backup/command.ts";
import { reach } from "./backup/reach.ts";
import { restoreBackup } from "./backup/restore-backup.ts";
import { verifyBackup } from "./backup/verify-backup.ts";
import { UsageError } from "./replay/usage-error.ts";

const USAGE = `Fills an empty deployment from a backup, after reading it from end to end.

  npm run restore -- FILE [options]

What broke off goes on when the same command runs again.

  --url URL       a deployment elsewhere; its owner's token in EDGEWISE_TOKEN
  --erased FILE   erasures of after the backup, as GET /api/v1/backups/erased lists them
  --force         into a deployment that is not empty: rows of the same key are replaced, shards with events never
  --json          print one line of JSON
  --help

EDGEWISE_BACKUP_KEY is the secret that the backup was made with, if it was.
`;

function readErased(path: string | undefined): Erased[] {
  if (path === undefined) return [];
  const parsed = z.array(erasedSchema).safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new UsageError(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    options: {
      url: { type: "string" },
      erased: { type: "string" },
      force: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (values.help) return void process.stdout.write(USAGE);
  if (path === undefined) throw new UsageError("name the backup: npm run restore -- FILE");
  const erased = readErased(values.erased);
  const file = await open(path);
  const verified = await verifyBackup(file);
  const { door, end } = await reach(values.url, process.env);
  try {
    const key = process.env.EDGEWISE_BACKUP_KEY;
    const told = await restoreBackup(door, verified, { key, erased, force: values.force });
    const users = told.identity ? "users are recognised as before" : "users who come again are new people";
    const line = `restored ${told.events} events and ${told.rows} rows, left out ${told.erased} events of people erased since; ${users}`;
    console.log(values.json ? JSON.stringify(told) : line);
  } finally {
    await end();
    await file.close();
  }
}

await runCommand(main);
