// The fonts of reports, from the installed packages to where the Worker's assets are.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { FONTS_PATH, REPORT_FONTS, servedAs } from "../domain/report-fonts.ts";

/** By path, as Node looks for packages: not every one tells of its fonts as something to import. */
export function installedFont(path: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(path) ?? [];
  const found = folders.map((folder) => join(folder, path)).find(existsSync);
  if (!found) throw new Error(`the font ${path} is not installed; run npm ci`);
  return found;
}

export const FONT_PATHS: readonly string[] = [...REPORT_FONTS.values()];

const HEAD = 12;
const ENTRY = 16;
const WOFF_HEAD = 44;
const WOFF_ENTRY = 20;

/** WOFF 1.0 with its tables unpacked: fontkit would unpack a table again for every letter. */
export function unpackedFont(woff: Buffer): Buffer {
  if (woff.toString("latin1", 0, 4) !== "wOFF") return woff;
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, place) => {
    const [tag, offset, packed, length, checksum] = [0, 4, 8, 12, 16].map((at) =>
      woff.readUInt32BE(WOFF_HEAD + place * WOFF_ENTRY + at),
    ) as [number, number, number, number, number]; // as many as the places above
    const bytes = woff.subarray(offset, offset + packed);
    return { tag, checksum, bytes: packed < length ? inflateSync(bytes) : bytes };
  });
  const head = Buffer.alloc(HEAD + count * ENTRY);
  const power = 2 ** Math.floor(Math.log2(count));
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  for (const [place, value] of [count, power * 16, Math.log2(power), (count - power) * 16].entries()) {
    head.writeUInt16BE(value, 4 + place * 2);
  }
  let at = head.length;
  const bodies = tables.map(({ tag, checksum, bytes }, place) => {
    for (const [part, value] of [tag, checksum, at, bytes.length].entries()) {
      head.writeUInt32BE(value, HEAD + place * ENTRY + part * 4);
    }
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
    at += padded.length;
    return padded;
  });
  return Buffer.concat([head, ...bodies]);
}

export const builtFonts = (dist: string): string[] => FONT_PATHS.map((path) => join(dist, FONTS_PATH, servedAs(path)));

const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;

export const FONT_PACKAGES: readonly string[] = [...new Set(FONT_PATHS.map(packageOf))];

/** Fonts, and beside them their licences: those ask to go with every copy. */
export async function writeFonts(dist: string): Promise<void> {
  const folder = join(dist, FONTS_PATH);
  await mkdir(folder, { recursive: true });
  const licences = FONT_PACKAGES.map((name) =>
    copyFile(installedFont(`${name}/LICENSE`), join(folder, `${name.replace(/^@/, "").replace("/", "-")}.licence.txt`)),
  );
  const fonts = FONT_PATHS.map(async (path) =>
    writeFile(join(folder, servedAs(path)), unpackedFont(await readFile(installedFont(path)))),
  );
  await Promise.all([...fonts, ...licences]);
}
