// Which workerd processes belong to this server. Killing node leaves workerd running and holding its port and files, so
// their ids are written down, and the next start ends them.
import { execFileSync } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

interface ServerFile {
  node: number;
  workerd: number[];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process id may have been given to another program since; only a program of the expected name is ours. */
function runs(pid: number, program: RegExp): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform === "win32") return true;
  try {
    const [state = "", ...args] = execFileSync("ps", ["-o", "stat=,args=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    // A zombie has ended; only its parent has not looked yet.
    return !state.startsWith("Z") && program.test(args.join(" "));
  } catch {
    return false;
  }
}

function readServerFile(path: string): ServerFile | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ServerFile; // written below
  } catch {
    return null;
  }
}

async function endProcess(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return; // It ended by itself since it was looked at.
  }
  for (let i = 0; i < 200 && isRunning(pid); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Ends what an earlier server left behind; refuses when that server is alive. */
export async function endOrphans(path: string): Promise<void> {
  const file = readServerFile(path);
  if (!file) return;
  if (file.node !== process.pid && runs(file.node, /node/)) {
    throw new Error(`another server (process ${file.node}) uses this folder; stop it or set EDGEWISE_DATA to another`);
  }
  for (const pid of file.workerd) if (runs(pid, /workerd/)) await endProcess(pid);
}

interface Spawned {
  process: { pid?: number; spawnfile?: string; once(event: "spawn" | "exit", listener: () => void): unknown };
}

/**
 * Keeps the file up to date with every workerd that this process starts, restarts after a crash included, until the
 * returned function removes it.
 */
export function recordProcesses(path: string): () => void {
  const workerd = new Set<number>();
  let isRecording = true;
  const write = () => {
    if (isRecording) writeFileSync(path, JSON.stringify({ node: process.pid, workerd: [...workerd] }));
  };
  write();
  subscribe("child_process", (message) => {
    const { process: child } = message as Spawned; // the channel's documented message
    child.once("spawn", () => {
      const { pid } = child;
      if (pid === undefined || !child.spawnfile?.includes("workerd")) return;
      workerd.add(pid);
      write();
      child.once("exit", () => {
        workerd.delete(pid);
        write();
      });
    });
  });
  return () => {
    isRecording = false;
    rmSync(path, { force: true });
  };
}
