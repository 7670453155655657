// Builds the beacon script, without consent and with it: each one minified expression for a classic script tag, which cannot
// throw into the page. `node dashboard/tracker/build.ts` writes them to where the dashboard's build serves them from.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = fileURLToPath(new URL("tracker.ts", import.meta.url));
const DIST = fileURLToPath(new URL("../dist", import.meta.url));

/** By the name that each is served under. */
export const SCRIPTS = { "edgewise.js": false, "edgewise-consent.js": true } as const;

/** A script as it is served: JavaScript of 2020, without a source map. */
export async function buildTracker(withConsent = false): Promise<{ code: string }> {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    define: { WITH_CONSENT: String(withConsent) },
    // Else the project's tsconfig adds "use strict", which costs bytes and makes a frozen history throw.
    tsconfigRaw: {},
    write: false,
  });
  const [output] = outputFiles;
  if (!output) throw new Error("esbuild gave no output for the tracker");
  return { code: `try{${output.text.trim().replace(/;$/, "")}}catch{}` };
}

/** Writes both to `js/` below the folder that is served. */
export async function writeTrackers(folder: string): Promise<void> {
  for (const [name, withConsent] of Object.entries(SCRIPTS)) {
    const target = join(folder, "js", name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, (await buildTracker(withConsent)).code);
  }
}

if (import.meta.main) await writeTrackers(DIST);
