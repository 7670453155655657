// `npm run backup`: see docs/operations.md. Exit codes: 0 done, 1 failed or damaged, 2 wrong options.
import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { readArguments, runCommand } from "./backup/command.ts";
import { makeBackup } from "./backup/make-backup.ts";
import { eventsOf } from "./backup/manifest.ts";
import { reach } from "./backup/reach.ts";
import { verifyBackup } from "./backup/verify-backup.ts";
import { UsageError } from "./replay/usage-error.ts";

const USAGE = `Copies a whole deployment into one file, while events come in, and reads the file back.

  npm run backup -- PATH [--url URL]
  npm run backup -- --verify FILE

PATH is a folder, in which the file is named after the time, or the file, which must not be there yet.

  --url URL      a deployment elsewhere; its owner's token in EDGEWISE_TOKEN
  --verify FILE  read a backup from end to end, restoring nothing
  --json         print one line of JSON
  --help

EDGEWISE_BACKUP_KEY, 32 random bytes in base64, seals the key by which users are recognised into the backup; without it a
restore knows all events, but users who come again are new people. Keep it elsewhere than the backups.
`;

/** In a folder, or as named. */
function fileFor(path: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return existsSync(path) && statSync(path).isDirectory() ? join(path, `edgewise-${stamp}.tar`) : path;
}

async function verify(path: string) {
  const file = await open(path);
  try {
    const { manifest, checksum } = await verifyBackup(file);
    const { name, madeAt, sites, parts } = manifest;
    return { name, madeAt, sites: sites.length, events: eventsOf(manifest), parts: parts.length, checksum };
  } finally {
    await file.close();
  }
}

async function make(path: string, url: string | undefined): Promise<string> {
  const file = fileFor(path, new Date());
  if (existsSync(file)) throw new UsageError(`${file} is there already; name another`);
  const { door, end } = await reach(url, process.env);
  try {
    await makeBackup(door, file, { name: basename(file), key: process.env.EDGEWISE_BACKUP_KEY });
  } finally {
    await end();
  }
  return file;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    options: {
      url: { type: "string" },
      verify: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(USAGE);
  const [path] = positionals;
  if (values.verify === undefined && path === undefined) throw new UsageError("say where to: npm run backup -- FOLDER");
  const file = values.verify ?? (await make(path!, values.url));
  const told = await verify(file);
  const { sites, events, parts, checksum } = told;
  const line = `${file}: whole; ${sites} sites, ${events} events, ${parts} parts, sha256 ${checksum}`;
  console.log(values.json ? JSON.stringify({ file, ...told }) : line);
}

await runCommand(main);
