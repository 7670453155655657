// Starts a real Chromium for tests on any machine, root or not. Candidates are tried in order of reliability and the
// first that launches wins: CHROME_PATH, a system browser, the one packed in @sparticuz/chromium (no network, no root,
// two seconds), and last Debian's package through apt-get.

import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { withFileLock } from "./file-lock.ts";
import { unpackChromium } from "./unpack-chromium.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const PATHS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
const REMEDY =
  "install Chromium or Google Chrome, or set CHROME_PATH to one (on Debian or Ubuntu: apt-get install chromium)";

interface Candidate {
  name: string;
  /** Null when this machine has none. */
  find: () => Promise<Launchable | null>;
}

export interface Launchable {
  path: string;
  env?: Record<string, string>;
}

const isRoot = () => process.getuid?.() === 0;

/** `options` go to playwright, for a test that needs, say, the back/forward cache that playwright switches off. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const refusals: string[] = [];
  for (const candidate of candidates()) {
    try {
      const found = await candidate.find();
      if (found) return await launch(found, options);
    } catch (error) {
      refusals.push(`${candidate.name}: ${firstLines(error)}`);
    }
  }
  throw new Error([`no Chromium starts on this machine: ${REMEDY}`, ...refusals].join("\n  "));
}

function candidates(): Candidate[] {
  const chosen = process.env.CHROME_PATH;
  // A path that was asked for is not silently replaced by another browser.
  if (chosen) return [{ name: "CHROME_PATH", find: async () => ({ path: chosen }) }];
  return [
    { name: "system browser", find: async () => systemBrowser() },
    { name: "@sparticuz/chromium", find: () => unpackChromium(false) },
    { name: "@sparticuz/chromium with its own libraries", find: () => unpackChromium(true) },
    { name: "apt-get", find: installWithApt },
  ];
}

function launch({ path, env }: Launchable, options: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    headless: true,
    executablePath: path,
    ...(env && { env: { ...process.env, ...env } }),
    ...options,
    // Chromium's sandbox refuses root, and containers often lack the user namespaces that it needs otherwise.
    chromiumSandbox: false,
    args: [...FLAGS, ...(options.args ?? [])],
  });
}

function systemBrowser(): Launchable | null {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PATHS];
  const path = paths.find(isExecutable);
  return path ? { path } : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function installWithApt(): Promise<Launchable | null> {
  if (!isRoot() || !existsSync("/usr/bin/apt-get")) return null;
  return withFileLock("edgewise-apt-chromium", async () => {
    const already = systemBrowser();
    if (already) return already;
    try {
      aptGet("install", "--no-install-recommends", "chromium");
    } catch {
      // Package lists of a fresh container are empty or too old.
      aptGet("update");
      aptGet("install", "--no-install-recommends", "chromium");
    }
    return systemBrowser();
  });
}

function aptGet(...command: string[]): void {
  execFileSync("/usr/bin/apt-get", ["-y", "-qq", "-o", "DPkg::Lock::Timeout=120", ...command], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 300_000,
  });
}

function firstLines(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 6).join("\n    ");
}
