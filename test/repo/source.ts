// The checkout as the rules see it: every file that is ours, with its text.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Source {
  /** From the root, with forward slashes. */
  path: string;
  text: string;
}

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What .gitignore keeps out, and git's own. */
const foreign = new Set([".git", "node_modules", "dist", ".edgewise", ".wrangler", ".vitest", "screenshots"]);

/** Paths of all our files, from the root, sorted. */
export function listFiles(folder = ""): string[] {
  const entries = readdirSync(root + folder, { withFileTypes: true }).filter((entry) => !foreign.has(entry.name));
  return entries
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${folder}${entry.name}/`) : [folder + entry.name]))
    .sort();
}

export function readSource(path: string): Source {
  return { path, text: readFileSync(root + path, "utf8") };
}

/** Our TypeScript, tests included. */
export function listSources(): Source[] {
  return listFiles()
    .filter((path) => /\.tsx?$/.test(path))
    .map(readSource);
}

/** READMEs and guides. */
export function listProse(): Source[] {
  return listFiles()
    .filter((path) => path.endsWith(".md"))
    .map(readSource);
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
