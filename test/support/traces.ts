// Looks for given strings in every byte that a server left behind: database pages and freed ones, write-ahead logs, blobs,
// what its column blocks hold once inflated, and what it printed.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { PackedEvent } from "../../workers/domain/event.ts";
import { decodeBatch } from "../../workers/engine/codec.ts";
import { type Batch, TEXT_COLUMNS } from "../../workers/engine/columns.ts";
import { readEvents } from "../../workers/store/archive/event-parquet.ts";

export interface Place {
  name: string;
  bytes: Buffer;
}

const MOST_READS = 10;

const readBelow = (folder: string): Place[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

/** Every file below a folder, write-ahead logs included. */
export function filesBelow(folder: string): Place[] {
  for (let left = MOST_READS; ; left--) {
    try {
      return readBelow(folder);
    } catch (error) {
      // A running server removes a log once it is in its database, which may have been read before: all are read again.
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone || left <= 1) throw error;
    }
  }
}

/** The strings of all sealed segments below a folder: their blocks are deflated, so that a search of the file sees none. */
export function sealedText(folder: string): Place[] {
  const databases = filesBelow(folder).filter(({ name }) => name.endsWith(".sqlite"));
  return databases.flatMap(({ name }) => {
    const db = new DatabaseSync(join(folder, name), { readOnly: true });
    try {
      if (!db.prepare("select 1 from sqlite_master where name = 'pieces'").get()) return [];
      const pieces = db.prepare("select body from pieces where id = ?");
      return db
        .prepare("select id, body from segments")
        .all()
        .map(({ id, body }) => {
          const piece = (number: number) => blobIn(pieces.get(Number(id) * 2 ** 20 + number), name);
          const batch = decodeBatch(blobIn({ body }, name), { piece });
          return { name: `${name}, segment ${id}`, bytes: Buffer.from(stringsIn(batch).join("\n")) };
        });
    } finally {
      db.close();
    }
  });
}

/** The events of all Parquet files below a folder: their pages are compressed. */
export async function archivedText(folder: string): Promise<Place[]> {
  const files = filesBelow(folder).filter(({ bytes }) => bytes.subarray(0, 4).toString("latin1") === "PAR1");
  return Promise.all(
    files.map(async ({ name, bytes }) => {
      const events: PackedEvent[] = [];
      for await (const some of readEvents(new Uint8Array(bytes))) events.push(...some);
      return { name: `${name}, decoded`, bytes: Buffer.from(JSON.stringify(events)) };
    }),
  );
}

function blobIn(row: { body?: unknown } | undefined, name: string): Uint8Array {
  if (!(row?.body instanceof Uint8Array)) throw new Error(`a segment of ${name} is no blob`);
  return row.body;
}

function stringsIn(batch: Batch): string[] {
  const properties = batch.properties.flatMap((name) => [name, ...(batch.property(name)?.dict ?? [])]);
  return [...TEXT_COLUMNS.flatMap((name) => batch.text(name).dict), ...properties];
}

/** One line for each place where one of the strings stands, with the form in which it does. */
export function tracesOf(strings: readonly string[], places: readonly Place[]): string[] {
  return strings.flatMap((text) => {
    const forms = [...formsOf(text)];
    return places.flatMap(({ name, bytes }) => {
      const [how] = forms.find(([, form]) => bytes.includes(form)) ?? [];
      return how === undefined ? [] : [`${name}: ${text} (${how})`];
    });
  });
}

/** A string as it might have been written down. */
export function formsOf(text: string): Map<string, Buffer> {
  const encoded = encodeURIComponent(text);
  const forms = new Map<string, Buffer>();
  const add = (how: string, form: string) => forms.set(how, Buffer.from(form));
  add("plain", text);
  add("lower case", text.toLowerCase());
  add("percent-encoded", encoded);
  add(
    "percent-encoded in lower case",
    encoded.replace(/%../g, (code) => code.toLowerCase()),
  );
  add("percent-encoded twice", encodeURIComponent(encoded));
  add("its @ percent-encoded", text.replace("@", "%40"));
  add("form-encoded", new URLSearchParams({ "": text }).toString().slice(1));
  add("hexadecimal", Buffer.from(text).toString("hex"));
  forms.set("UTF-16", Buffer.from(text, "utf16le"));
  for (let shift = 0; shift < 3; shift++) {
    const inner = base64Within(text, shift);
    add(`base64, ${shift} bytes in`, inner);
    add(`base64url, ${shift} bytes in`, inner.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** The characters of base64 that depend on the text alone when it begins `shift` bytes into a group of three. */
function base64Within(text: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  const whole = bytes.length - (bytes.length % 3);
  const encoded = bytes.subarray(0, whole).toString("base64");
  return encoded.slice(shift === 0 ? 0 : 4);
}
