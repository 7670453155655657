// Unpacks the Chromium of @sparticuz/chromium into node_modules/.cache. The package's own place, the shared temporary
// folder, is owned by whoever came first, so that a second user of the machine could not start it.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Launchable } from "./chromium.ts";
import { withFileLock } from "./file-lock.ts";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const PACKAGE = join(MODULES, "@sparticuz/chromium");
const UNPACK = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
const FONTS_FILE = "fonts.conf";

/** Null where the package is absent or has no build for this processor. `ownLibraries` is for a bare machine without NSS. */
export async function unpackChromium(ownLibraries: boolean): Promise<Launchable | null> {
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync(PACKAGE)) return null;
  const { version }: { version: string } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const folder = join(MODULES, ".cache", `chromium-${version}`);
  await withFileLock("edgewise-unpack-chromium", async () => {
    if (!existsSync(folder)) unpackInto(folder);
  });
  return { path: join(folder, "chromium"), env: environment(folder, ownLibraries) };
}

function unpackInto(folder: string): void {
  mkdirSync(join(folder, ".."), { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    execFileSync(process.execPath, ["--input-type=module", "-e", UNPACK], {
      cwd: join(MODULES, ".."),
      // The second variable makes the package unpack its libraries (NSS and its like) too.
      env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    writeFileSync(join(partial, FONTS_FILE), fontsConfiguration(folder));
    // Another user of the same checkout must be able to start it.
    for (const path of [partial, join(partial, "chromium")]) chmodSync(path, 0o755);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The package's own names folders that exist only on Lambda. */
function fontsConfiguration(folder: string): string {
  const [fonts, cache] = [join(folder, "fonts"), join(folder, "fonts-cache")];
  return `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`;
}

function environment(folder: string, ownLibraries: boolean): Record<string, string> {
  const env: Record<string, string> = {};
  if (ownLibraries) env.LD_LIBRARY_PATH = join(folder, "al2023/lib");
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_FILE = join(folder, FONTS_FILE);
  return env;
}
