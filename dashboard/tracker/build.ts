// Builds the beacon script: one minified expression for a classic script tag, which cannot throw into the page.
// `node dashboard/tracker/build.ts` writes it to where the dashboard's build serves it from.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = fileURLToPath(new URL("tracker.ts", import.meta.url));
const TARGET = fileURLToPath(new URL("../dist/js/edgewise.js", import.meta.url));

/** The script as it is served: JavaScript of 2020, without a source map. */
export async function buildTracker(): Promise<{ code: string }> {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    // Else the project's tsconfig adds "use strict", which costs bytes and makes a frozen history throw.
    tsconfigRaw: {},
    write: false,
  });
  const [output] = outputFiles;
  if (!output) throw new Error("esbuild gave no output for the tracker");
  return { code: `try{${output.text.trim().replace(/;$/, "")}}catch{}` };
}

if (import.meta.main) {
  const { code } = await buildTracker();
  await mkdir(dirname(TARGET), { recursive: true });
  await writeFile(TARGET, code);
}
