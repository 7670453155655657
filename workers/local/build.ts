// Builds what the Worker serves and the Worker itself: dashboard/dist with the tracker in it, and one module for workerd.
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The Worker as one ES module, as workerd loads it. */
export async function buildWorker(main = join(root, "workers/index.ts")): Promise<string> {
  const result = await bundle({
    entryPoints: [main],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    minifySyntax: true,
    logLevel: "silent",
  });
  const file = result.outputFiles[0];
  if (!file) throw new Error("the Worker's bundle came out empty");
  return file.text;
}

async function buildTracker(): Promise<void> {
  const { buildTracker: build } = await import("../../dashboard/tracker/build.ts");
  const target = join(root, "dashboard/dist/js/edgewise.js");
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, (await build()).code);
}

/** The dashboard and, in its folder, the tracker. */
export async function buildDashboard(): Promise<void> {
  const { build: viteBuild } = await import("vite");
  await viteBuild({ configFile: join(root, "dashboard/vite.config.ts"), logLevel: "warn" });
  await buildTracker();
}

const SOURCES = ["dashboard", "workers/domain", "workers/catalog"];

function newestSource(): number {
  let newest = 0;
  for (const folder of SOURCES) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (/^dist\b/.test(file) || !/\.(tsx?|css|html|js|svg)$/.test(file)) continue;
      newest = Math.max(newest, statSync(join(root, folder, file)).mtimeMs);
    }
  }
  return newest;
}

/** Whether dashboard/dist is there and younger than everything it is made of. */
export function dashboardIsBuilt(): boolean {
  const built = ["index.html", "js/edgewise.js"].map((file) => join(root, "dashboard/dist", file));
  return built.every((file) => existsSync(file) && statSync(file).mtimeMs >= newestSource());
}

if (import.meta.main) {
  await buildDashboard();
  const worker = await buildWorker();
  console.log(`built dashboard/dist and the Worker (${Math.round(worker.length / 1024)} KB)`);
}
