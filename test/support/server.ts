// The product as people run it: `start.ts` in a process of its own, on a free port and a folder of its own, which a test
// may kill and start again. What it leaves running is ended with the test process.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const POLL_MS = 10;
const PATIENCE_MS = 60_000;

export interface TestServerOptions {
  /** Believe X-Forwarded-For, by which a test plays many visitors. */
  trustProxy?: boolean;
  /** As people start it: without a first site, and with the sign-in link in its output. */
  forPeople?: boolean;
  /** Default: `workers/local/start.ts`. Prints its address and token as one line of JSON. */
  script?: string;
  /** Beside the test's own environment. */
  env?: Record<string, string>;
}

export type Victim = "node" | "workerd" | "both";

export interface ServerProcesses {
  /** Null when it is not running. */
  node: number | null;
  workerd: number[];
}

export interface TestServer {
  /** The same after a restart. */
  url: string;
  adminToken: string;
  /** Its state folder. */
  dataDir: string;
  /** Those that are alive. */
  pids(): ServerProcesses;
  /** All that node and workerd have printed, over restarts. */
  output(): string;
  /** SIGKILL; settles when the victims are gone. */
  kill(victim: Victim): Promise<void>;
  /** Starts it again on its port and folder, by another script if one is named; ends it first when node is alive. */
  restart(other?: Pick<TestServerOptions, "script" | "env">): Promise<void>;
  /** Settles when requests are answered again: by itself, once workerd alone was killed. */
  answers(): Promise<void>;
  /** Ends it, by SIGTERM where it listens. The folder stays unless `discard` is called. */
  stop(): Promise<void>;
  /** `stop`, and the folder is removed. */
  discard(): Promise<void>;
}

interface Ready {
  url: string;
  adminToken: string;
}

/** Starts a server and settles when it takes requests; rejects with what it printed when it does not start. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "edgewise-test-"));
  let output = "";
  let child: ChildProcess | undefined;

  const launch = async (port: string, other: Pick<TestServerOptions, "script" | "env"> = {}): Promise<Ready> => {
    child = spawnServer({ ...options, ...other, dataDir, port });
    return readiness(child, (text) => {
      output += text;
    });
  };
  const pids = (): ServerProcesses => {
    const node = child?.pid !== undefined && isAlive(child.pid) ? child.pid : null;
    return { node, workerd: workerdOf(dataDir).filter((pid) => isAlive(pid, "workerd")) };
  };
  const kill = async (victim: Victim): Promise<void> => {
    const { node, workerd } = pids();
    const victims = [...(victim !== "workerd" && node !== null ? [node] : []), ...(victim !== "node" ? workerd : [])];
    // Node first: it would start another workerd in the place of a dead one.
    for (const pid of victims) endNow(pid);
    await until(() => !victims.some((pid) => isAlive(pid)), `the end of ${victims.join(", ")}`);
  };
  const stop = async (): Promise<void> => {
    if (child?.pid !== undefined && isAlive(child.pid)) {
      child.kill("SIGTERM");
      await until(() => !isAlive(child?.pid ?? 0), "the server's end");
    }
    await kill("both");
    process.off("exit", endAll);
  };
  const endAll = (): void => {
    const { node, workerd } = pids();
    for (const pid of node === null ? workerd : [node, ...workerd]) endNow(pid);
  };

  process.once("exit", endAll);
  const { url, adminToken } = await launch("0");
  return {
    url,
    adminToken,
    dataDir,
    pids,
    output: () => output,
    kill,
    async restart(other) {
      if (pids().node !== null) await stop();
      process.once("exit", endAll);
      await launch(new URL(url).port, other);
    },
    answers: () => until(() => isHealthy(url), "an answer from the server"),
    stop,
    async discard() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function spawnServer(settings: TestServerOptions & { dataDir: string; port: string }): ChildProcess {
  return spawn(
    process.execPath,
    [settings.script ?? "workers/local/start.ts", ...(settings.forPeople ? [] : ["--json"])],
    {
      cwd: root,
      env: {
        ...process.env,
        PORT: settings.port,
        HOST: "127.0.0.1",
        EDGEWISE_DATA: settings.dataDir,
        EDGEWISE_TRUST_PROXY: settings.trustProxy ? "1" : "",
        NO_COLOR: "1",
        ...settings.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

/** From the line of JSON, or from what people are told. */
function readinessOf(printed: string): Ready | null {
  const line = /^\{"url":.*\}$/m.exec(printed);
  if (line) return JSON.parse(line[0]) as Ready; // printed by start.ts
  const [, url, adminToken] = /^sign in: (\S+)\/#token=(\S+)$/m.exec(printed) ?? [];
  return url && adminToken ? { url, adminToken } : null;
}

function readiness(child: ChildProcess, keep: (text: string) => void): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (text: string): void => {
      keep(text);
      printed += text;
      const ready = readinessOf(printed);
      if (ready) resolve(ready);
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`the server ended with ${signal ?? code}\n${printed}`)));
  });
}

/** From the file by which a start knows what an earlier one left. */
function workerdOf(dataDir: string): number[] {
  try {
    const { workerd } = JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8")) as { workerd: number[] }; // written by the server
    return workerd;
  } catch {
    return [];
  }
}

/** An id may have gone to another program since; `program` is the name that it must have. */
function isAlive(pid: number, program = ""): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const [, name = "", state = ""] = /^\d+ \((.*)\) (\w)/.exec(readStat(pid)) ?? [];
  // A zombie has no more than its entry left: it ended, and waits for its parent to notice.
  return state !== "Z" && (name === "" || name.startsWith(program));
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
    await wait(POLL_MS);
  }
}
