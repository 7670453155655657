// `npm run replay` as people run it: a process of its own, against a server under test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Summary } from "../../workers/local/replay/summary.ts";
import { fixturesDir } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface ReplayRun {
  /** Its summary; rejects with what it printed when it ends otherwise than by itself. */
  summary: Promise<Summary>;
  /** SIGKILL; settles when the process is gone. */
  kill(): Promise<void>;
}

/** Replays a file of the fixtures; `args` are further options. */
export function startReplay(
  server: Pick<TestServer, "url" | "dataDir" | "adminToken">,
  file: string,
  args: readonly string[],
): ReplayRun {
  const path = join(fixturesDir ?? "", file);
  const child = spawn(process.execPath, ["workers/local/replay.ts", path, "--url", server.url, "--json", ...args], {
    cwd: root,
    env: { ...process.env, EDGEWISE_DATA: server.dataDir, EDGEWISE_KEY: server.adminToken },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const summary = summaryOf(child);
  // Whoever kills the run does not wait for its summary.
  summary.catch(() => {});
  return {
    summary,
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function summaryOf(child: ChildProcess): Promise<Summary> {
  let printed = "";
  let complaints = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const [code, signal] = await once(child, "close");
  if (code === 0) return JSON.parse(printed) as Summary; // printed by replay.ts
  throw new Error(`the replay ended with ${signal ?? code}\n${printed}${complaints}`);
}
