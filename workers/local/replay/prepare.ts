// What must be known of a file before its first line is sent: format, host, and the import's name.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultHost } from "./host-guess.ts";
import { importId } from "./import-job.ts";
import { fileSize, firstBytes, firstLines } from "./open-text.ts";
import type { ReplayOptions } from "./options.ts";
import { detectFormat, type FormatName } from "./readers/index.ts";
import type { ReadChoices } from "./row.ts";
import { UsageError } from "./usage-error.ts";

export interface Prepared {
  size: number;
  format: FormatName;
  choices: ReadChoices;
  /** Equal for the same file, site and choices: what makes a second run go on with the first. */
  id: string;
}

// Part of every import's name: to be raised when a reader comes to number or read lines differently.
const READING = "1";

export async function prepare(options: ReplayOptions): Promise<Prepared> {
  const { site, bots, visitors } = options;
  const size = await fileSize(options.file).catch(() => {
    throw new UsageError(`${options.file} cannot be read`);
  });
  const head = await firstLines(options.file);
  const format = options.format ?? detectFormat(head);
  const choices: ReadChoices = {
    host: options.host ?? defaultHost(head, site),
    timeZone: options.timeZone,
    allRequests: options.allRequests,
    mapping: options.mapping,
  };
  const start = await firstBytes(options.file, 1024 * 1024);
  const id = importId([READING, site, String(size), start, format, JSON.stringify(choices), bots, visitors]);
  return { size, format, choices, id };
}

/** The key to import with: the one given, or the admin token that a server on this machine has written. */
export async function readKey(options: Pick<ReplayOptions, "key" | "dataDir">): Promise<string> {
  if (options.key !== null) return options.key;
  const file = join(options.dataDir, "admin-token");
  const token = await readFile(file, "utf8").catch(() => "");
  if (token.trim() !== "") return token.trim();
  throw new UsageError(`no key: give --key, set EDGEWISE_KEY, or start the server, which writes ${file}`);
}
