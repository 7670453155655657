// The command line of `npm run replay`, parsed once.

import { parseArgs } from "node:util";
import { isTimeZone, siteIdSchema } from "../../domain/site.ts";
import { parsePairs } from "./mapping.ts";
import { FORMAT_NAMES, type FormatName, isFormatName } from "./readers/index.ts";
import type { Mapping } from "./row.ts";
import { UsageError } from "./usage-error.ts";

export const USAGE = `Sends a file of past traffic to a site: an access log, or a table of events.

  npm run replay -- FILE --site ID [options]

FILE is an access log (common, combined, W3C extended), a CSV or TSV with a header line, or JSON lines; .gz and .xz are
unpacked. Running the same command again goes on where it stopped; it never counts a line twice.

  --site ID             the site that gets the events
  --url URL             the server (http://127.0.0.1:8787, or PORT)
  --key KEY             key with scope import (EDGEWISE_KEY, or the admin token in EDGEWISE_DATA, .edgewise)
  --create              create the site if it does not exist
  --label TEXT          name of the import (the file's name)
  --format NAME         ${FORMAT_NAMES} (told from the content)
  --map FIELD=COLUMN    which column holds what, e.g. --map at=date,visitor=customer,props=* (told from the header)
  --set FIELD=VALUE     one value for every line, e.g. --set name=purchase,currency=EUR
  --host HOST           host of pages whose line names none (told from the file, or the site's id)
  --time-zone ZONE      zone of times without one (UTC)
  --all-requests        of a log, send requests that are no page view too, as events named request
  --bots keep|drop      known bots (drop)
  --visitors given|daily   one visitor for the whole file, or a new one each day as without cookies (given)
  --batch N             events a request (2000)
  --dry-run             read and count, send nothing
  --undo                remove what this command imported; with --id ID, without FILE
  --live                send as visitors of now, through the public beacon address
  --speed N|max         with --live: N times as fast as it happened (max)
  --json                print the summary as one line of JSON
  --help
`;

export interface ReplayOptions {
  /** "" with `undo` by id. */
  file: string;
  site: string;
  url: string;
  key: string | null;
  dataDir: string;
  create: boolean;
  label: string | null;
  format: FormatName | null;
  mapping: Mapping;
  host: string | null;
  timeZone: string;
  allRequests: boolean;
  bots: "keep" | "drop";
  visitors: "given" | "daily";
  batch: number;
  mode: "import" | "dry-run" | "undo" | "live";
  /** The import to undo, where no file names it. */
  id: string | null;
  speed: number | "max";
  json: boolean;
}

type Environment = Record<string, string | undefined>;

/** Null when help was asked for. Throws `UsageError` for anything that does not fit. */
export function readOptions(args: readonly string[], environment: Environment): ReplayOptions | null {
  const { values, positionals } = parsed(args);
  if (values.help === true) return null;
  const file = positionals[0] ?? "";
  if (positionals.length > 1) throw new UsageError(`one file at a time; ${positionals[1]} is a second`);
  if (file === "" && !(values.undo === true && values.id !== undefined)) {
    throw new UsageError("name the file to replay; --help shows how");
  }
  const { format } = values;
  if (format !== undefined && !isFormatName(format)) {
    throw new UsageError(`--format ${format}: use one of ${FORMAT_NAMES}`);
  }
  const timeZone = values["time-zone"] ?? "UTC";
  if (!isTimeZone(timeZone)) throw new UsageError(`--time-zone ${timeZone}: use an IANA zone such as Europe/Berlin`);
  return {
    file,
    site: siteOf(values.site, values["dry-run"] === true),
    url: (values.url ?? `http://127.0.0.1:${environment.PORT ?? "8787"}`).replace(/\/+$/, ""),
    key: values.key || environment.EDGEWISE_KEY || null,
    dataDir: environment.EDGEWISE_DATA ?? ".edgewise",
    create: values.create === true,
    label: values.label ?? null,
    format: format ?? null,
    mapping: { columns: parsePairs("--map", values.map ?? []), constants: parsePairs("--set", values.set ?? []) },
    host: values.host ?? null,
    timeZone,
    allRequests: values["all-requests"] === true,
    bots: oneOf("--bots", values.bots ?? "drop", ["keep", "drop"]),
    visitors: oneOf("--visitors", values.visitors ?? "given", ["given", "daily"]),
    batch: batchOf(values.batch ?? "2000"),
    mode: modeOf(values),
    id: values.id ?? null,
    speed: speedOf(values.speed ?? "max"),
    json: values.json === true,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const many = { type: "string", multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ site: text, url: text, key: text, label: text, format: text, host: text, bots: text, visitors: text },
        ...{ batch: text, speed: text, id: text, "time-zone": text, map: many, set: many },
        ...{ create: flag, "all-requests": flag, "dry-run": flag, undo: flag, live: flag, json: flag, help: flag },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; --help shows the options`);
  }
}

function siteOf(site: string | undefined, dryRun: boolean): string {
  if (site === undefined && dryRun) return "dry-run";
  const checked = siteIdSchema.safeParse(site);
  if (!checked.success) throw new UsageError("name the site with --site ID (letters, digits, dots, dashes)");
  return checked.data;
}

function modeOf(values: { "dry-run"?: boolean; undo?: boolean; live?: boolean }): ReplayOptions["mode"] {
  const modes = (["dry-run", "undo", "live"] as const).filter((mode) => values[mode] === true);
  if (modes.length > 1) throw new UsageError(`--${modes.join(" and --")} exclude each other`);
  return modes[0] ?? "import";
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} ${value}: use ${allowed.join(" or ")}`);
  return found;
}

function batchOf(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 2000) return size;
  throw new UsageError(`--batch ${text}: use a whole number from 1 to 2000`);
}

function speedOf(text: string): number | "max" {
  if (text === "max") return "max";
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new UsageError(`--speed ${text}: use max, or how many times faster than it happened`);
}
