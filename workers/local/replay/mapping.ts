// Which column holds which field of an event: said by the user, known from a preset, or guessed from the header.

import { presets } from "./presets/index.ts";
import type { Mapping } from "./row.ts";
import { UsageError } from "./usage-error.ts";

/** What a column may be mapped to, besides `props.NAME`. Names are those of the import door, but for a few explained here. */
export const FIELDS = [
  // Of two lines with one id the second is left out.
  ...(["id", "at", "name", "visitor", "url", "host", "path", "title", "referrer", "userAgent", "ip"] as const),
  ...(["userId", "persistentId", "source", "channel", "country", "region", "city"] as const),
  ...(["browser", "browserVersion", "os", "osVersion", "device", "language", "engagement", "scroll"] as const),
  ...(["utm.source", "utm.medium", "utm.campaign", "utm.term", "utm.content"] as const),
  ...(["revenue", "currency"] as const),
  // One column with an object, `*` for all columns left, or two columns with a list of names and a list of values.
  ...(["props", "propKeys", "propValues"] as const),
] as const;

export type Field = (typeof FIELDS)[number];

/** The user's words (`at=time,visitor=user`) over a preset's or the guess; the remedy is named when a field is missing. */
export function mappingFor(header: readonly string[], chosen: Mapping): Mapping {
  const preset = presets.find((candidate) => candidate.fits(header));
  const guessed = preset?.columns(header) ?? {};
  const columns = { ...guessed, ...chosen.columns };
  for (const [field, column] of Object.entries(chosen.columns)) {
    if (column !== "*" && !header.includes(column)) {
      throw new UsageError(`--map ${field}=${column}: the file has no such column, only ${header.join(", ")}`);
    }
  }
  for (const field of Object.keys(chosen.constants)) delete columns[field];
  const mapping = { columns, constants: chosen.constants, leftOut: preset?.leftOut };
  const has = (...fields: string[]) => fields.some((field) => field in columns || field in chosen.constants);
  const listed = `The file has the columns ${header.join(", ")}`;
  if (!has("at")) throw new UsageError(`no column holds the time; say which with --map at=COLUMN. ${listed}`);
  if (!has("visitor", "persistentId", "userId", "ip")) {
    throw new UsageError(`no column names the visitor; say which with --map visitor=COLUMN. ${listed}`);
  }
  if (!has("name", "url", "path")) {
    throw new UsageError(
      `neither an event's name nor a page is known; use --map name=COLUMN, --map path=COLUMN or --set name=pageview. ${listed}`,
    );
  }
  return mapping;
}

/** `at=timestamp,props.plan=plan` as field → column; a repeated option adds. */
export function parsePairs(option: string, texts: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of texts.flatMap((text) => text.split(","))) {
    const equals = pair.indexOf("=");
    const field = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals < 1 || value === "") throw new UsageError(`${option} ${pair}: write FIELD=VALUE`);
    if (!isField(field)) {
      throw new UsageError(`${option} ${pair}: ${field} is no field; use ${FIELDS.join(", ")} or props.NAME`);
    }
    pairs[field] = value;
  }
  return pairs;
}

function isField(name: string): boolean {
  return /^props\..+/.test(name) || FIELDS.some((field) => field === name);
}
