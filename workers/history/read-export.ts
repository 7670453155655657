// From the bytes of a file to the days in it, or to what is wrong with it.
import { unzipSync } from "fflate";
import type { FieldError } from "../domain/errors.ts";
import type { HistoryRefusal } from "../domain/history.ts";
import { gathered, newGathering, type ReadHistory } from "./content.ts";
import type { ExportFile, HistoryFormat } from "./format.ts";
import { historyFormats } from "./formats/index.ts";

/** Of the file as it is sent. */
export const MOST_BYTES = 16 * 2 ** 20;
/** Unpacked. */
const MOST_UNPACKED = 48 * 2 ** 20;
const MOST_FILES = 200;

const refused = (path: string, message: string): HistoryRefusal => ({ errors: [{ path, message }] });

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;
const baseName = (path: string) => path.split(/[/\\]/).at(-1) ?? path;

function unpacked(bytes: Uint8Array, name: string): { name: string; bytes: Uint8Array }[] | HistoryRefusal {
  let size = 0;
  let files = 0;
  try {
    const all = unzipSync(bytes, {
      filter: (file) => {
        if (!/\.(csv|json)$/i.test(file.name) || file.name.startsWith("__MACOSX")) return false;
        size += file.originalSize;
        files++;
        return size <= MOST_UNPACKED && files <= MOST_FILES;
      },
    });
    if (size > MOST_UNPACKED || files > MOST_FILES) {
      const limit = `${MOST_UNPACKED / 2 ** 20} MB and ${MOST_FILES} files`;
      return refused(name, `unpacked it is over ${limit}; export a shorter period, and import one after the other`);
    }
    return Object.entries(all).map(([path, content]) => ({ name: baseName(path), bytes: content }));
  } catch {
    return refused(name, "the zip file is broken: download it again");
  }
}

function textOf({ name, bytes }: { name: string; bytes: Uint8Array }): ExportFile | null {
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes) };
  } catch {
    return null;
  }
}

/** Rows of events rather than sums of days. */
const isUmami = ({ text }: ExportFile) => /^"?website_id"?,"?session_id"?,/.test(text.slice(0, 100));

const UNKNOWN = `no known export: send ${Object.values(historyFormats)
  .map(({ about }) => about)
  .join("; or ")}`;

function formatOf(files: readonly ExportFile[]): HistoryFormat | null {
  return Object.values(historyFormats).find(({ fits }) => files.some(fits)) ?? null;
}

function readAll(
  files: readonly ExportFile[],
  { name, now }: { name: string; now: number },
): ReadHistory | HistoryRefusal {
  if (files.some(isUmami)) {
    return refused(name, "this is Umami's export of events: bring it in with npm run replay, as events of their own");
  }
  const format = formatOf(files);
  if (!format) return refused(name, UNKNOWN);
  const into = newGathering(now);
  const errors: FieldError[] = [];
  for (const file of files) {
    if (format.fits(file)) format.read(file, into, errors);
    else into.notes.add(`${file.name} was left out: it is not part of the export`);
  }
  if (errors.length > 0) return { errors };
  return gathered(into, format.tool) ?? refused(name, "there is not one day in it");
}

/** `name` is what the file was called; days after `now` are refused. */
export function readExport(
  bytes: Uint8Array,
  { name, now }: { name: string; now: number },
): ReadHistory | HistoryRefusal {
  const packed = isZip(bytes) ? unpacked(bytes, name) : [{ name: baseName(name), bytes }];
  if ("errors" in packed) return packed;
  const files = packed.map(textOf);
  const broken = files.indexOf(null);
  if (broken >= 0) return refused(packed[broken]!.name, "the file is not UTF-8 text: save it as CSV UTF-8");
  return readAll(
    files.filter((file) => file !== null),
    { name, now },
  );
}
