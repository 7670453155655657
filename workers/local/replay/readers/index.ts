// Every format that can be replayed. The key is the name for `--format`; where two fit equally, the first is taken.

import type { Reader } from "../row.ts";
import { UsageError } from "../usage-error.ts";
import { combined } from "./combined.ts";
import { csv } from "./csv.ts";
import { jsonl } from "./jsonl.ts";
import { ncsa } from "./ncsa.ts";
import { tsv } from "./tsv.ts";
import { vhost } from "./vhost.ts";
import { w3c } from "./w3c.ts";

export const readers = { w3c, vhost, combined, common: ncsa, jsonl, tsv, csv } as const satisfies Record<
  string,
  Reader
>;

export type FormatName = keyof typeof readers;

export const FORMAT_NAMES = Object.keys(readers).join(", ");

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(readers, name);
}

/** The format that fits the file's first lines best, if it fits more than half of them. */
export function detectFormat(head: readonly string[]): FormatName {
  let best: FormatName | null = null;
  let fit = 0.5;
  for (const name of Object.keys(readers).filter(isFormatName)) {
    const score = readers[name].fits(head);
    if (score <= fit) continue;
    best = name;
    fit = score;
  }
  if (best === null) throw new UsageError(`cannot tell the file's format; name it with --format (${FORMAT_NAMES})`);
  return best;
}
