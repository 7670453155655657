// The fonts of reports, from the installed packages to where the Worker's assets are.
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { FONTS_PATH, fontFile, REPORT_FONTS, type ReportFont } from "../domain/report-fonts.ts";

export const FONT_NAMES = Object.keys(REPORT_FONTS) as ReportFont[]; // its own keys

/** Looked for as Node does, but by path: not every package tells of its fonts as something to import. */
export function installedFont(font: ReportFont): string {
  const folders = createRequire(import.meta.url).resolve.paths(REPORT_FONTS[font]) ?? [];
  const found = folders.map((folder) => join(folder, REPORT_FONTS[font])).find(existsSync);
  if (!found) throw new Error(`the font ${REPORT_FONTS[font]} is not installed; run npm ci`);
  return found;
}

export const builtFonts = (dist: string): string[] => FONT_NAMES.map((font) => join(dist, FONTS_PATH, fontFile(font)));

export async function writeFonts(dist: string): Promise<void> {
  await mkdir(join(dist, FONTS_PATH), { recursive: true });
  await Promise.all(FONT_NAMES.map((font) => copyFile(installedFont(font), join(dist, FONTS_PATH, fontFile(font)))));
}
