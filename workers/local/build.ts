// Builds what the Worker serves and the Worker itself: dashboard/dist with the tracker in it, and one module for workerd.
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build as bundle } from "esbuild";
import { builtFonts, writeFonts } from "./fonts.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const FOR_WORKERD = {
  bundle: true,
  format: "esm",
  target: "es2024",
  conditions: ["workerd", "worker", "browser"],
  external: ["cloudflare:*", "node:*"],
  // The runtime knows no address of a module, and pdfkit makes one of it as it begins. The same as in wrangler.toml.
  define: { "import.meta.url": '"https://worker.invalid/"' },
  logLevel: "silent",
} as const satisfies BuildOptions;

/** An ES module as workerd loads it: its path below the Worker's own, and its text. */
export interface WorkerModule {
  path: string;
  contents: string;
}

async function bundleModule(options: BuildOptions): Promise<string> {
  const result = await bundle({ ...FOR_WORKERD, ...options, conditions: [...FOR_WORKERD.conditions], write: false });
  const file = result.outputFiles?.[0];
  if (!file) throw new Error(`the bundle of ${String(options.entryPoints)} came out empty`);
  return file.text;
}

/**
 * What only signing in needs. Within the Worker's own bundle it would be evaluated late, but zod and Drizzle, which both
 * use, would be kept whole for it and cost every start. Written where wrangler and the tests find it too.
 */
async function buildAccounts(): Promise<WorkerModule> {
  const folder = join(root, "durable-objects/sign-in");
  const contents = await bundleModule({ entryPoints: [join(folder, "accounts.ts")], minify: true });
  await mkdir(join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, "dist/accounts.mjs"), contents);
  return { path: "dist/accounts.mjs", contents };
}

/** The Worker as ES modules; the first is its entry. */
export async function buildWorker(main = join(root, "workers/index.ts")): Promise<WorkerModule[]> {
  const contents = await bundleModule({ entryPoints: [main], minifySyntax: true });
  return [{ path: "index.mjs", contents }, await buildAccounts()];
}

/** What serves the dashboard's files on one machine. */
export async function buildAssetsWorker(): Promise<WorkerModule[]> {
  return [
    { path: "assets.mjs", contents: await bundleModule({ entryPoints: [join(root, "workers/local/assets.ts")] }) },
  ];
}

async function buildTrackers(): Promise<void> {
  const { writeTrackers } = await import("../../dashboard/tracker/build.ts");
  await writeTrackers(join(root, "dashboard/dist"));
}

/** The dashboard and, in its folder, the tracker and the fonts of reports. */
export async function buildDashboard(): Promise<void> {
  const { build: viteBuild } = await import("vite");
  await viteBuild({ configFile: join(root, "dashboard/vite.config.ts"), logLevel: "warn" });
  await buildTrackers();
  await writeFonts(join(root, "dashboard/dist"));
}

const SOURCES = ["dashboard", "workers/domain", "workers/catalog"];

/** Nobody edits an installed package, and its files are all as old as the installation. */
const isInstalled = /[\\/]node_modules[\\/]/.test(root);

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

/** Whether dashboard/dist is there and younger than everything it is made of that may change. */
export function dashboardIsBuilt(): boolean {
  const dist = join(root, "dashboard/dist");
  const pages = ["index.html", "js/edgewise.js", "js/edgewise-consent.js"].map((file) => join(dist, file));
  if (!builtFonts(dist).every(existsSync)) return false; // As old as their packages, which nobody edits.
  return pages.every((file) => existsSync(file) && (isInstalled || statSync(file).mtimeMs >= newestSource()));
}

if (import.meta.main) {
  await buildDashboard();
  const bytes = (await buildWorker()).reduce((sum, { contents }) => sum + contents.length, 0);
  console.log(`built dashboard/dist and the Worker (${Math.round(bytes / 1024)} KB)`);
}
