// Development servers of wrangler for tests: on free ports, offline, ended with everything that they started.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;

export interface DevServer {
  url: string;
  /** What it has printed so far. */
  log: () => string;
  stop: () => Promise<void>;
}

export interface WranglerOptions {
  /** From the root of the checkout. */
  folder?: string;
  /** Where servers that call each other meet: one folder for all of a test. */
  registry: string;
}

function environment(registry: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CI: "1",
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_REGISTRY_PATH: registry,
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    X_LOCAL_OBSERVABILITY: "false",
    X_LOCAL_EXPLORER: "false",
  };
}

/** Runs a command of wrangler to its end. Throws with what it printed when it fails. */
export async function runWrangler(
  args: readonly string[],
  { folder = "", registry }: WranglerOptions,
): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [wrangler, ...args], {
    cwd: root + folder,
    env: environment(registry),
  });
  return stdout;
}

/** `args` begin with `dev` or `pages dev`. Settles when the server takes requests. */
export async function startWrangler(
  args: readonly string[],
  { folder = "", registry }: WranglerOptions,
): Promise<DevServer> {
  const [port, inspector] = [await freePort(), await freePort()];
  const place = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(inspector)];
  // A group of its own: wrangler's children outlive it when only wrangler is told to stop.
  const child = spawn(process.execPath, [wrangler, ...args, ...place], {
    cwd: root + folder,
    env: environment(registry),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (text: string): void => {
      log += stripVTControlCharacters(text);
      if (log.includes("Ready on")) resolve();
      // It would wait for the file to be mended.
      if (log.includes("[ERROR]")) reject(new Error(log));
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`wrangler ${args.join(" ")} ended with ${code}\n${log}`)));
  });
  try {
    await ready;
  } catch (error) {
    await stopGroup(child);
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, log: () => log, stop: () => stopGroup(child) };
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid, "SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}
