// One process at a time, across processes of this machine; a lock whose owner died is taken over.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 100;
const PATIENCE_MS = 600_000;

/** Runs `work` while no other process of this user runs work under the same `name`. */
export async function withFileLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `${name}.${process.getuid?.() ?? "user"}.lock`);
  const deadline = Date.now() + PATIENCE_MS;
  while (!take(path)) {
    if (Date.now() > deadline) throw new Error(`${path} is held for too long: remove it if no test run is alive`);
    await wait(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    if (isAbandoned(path)) rmSync(path, { force: true });
    return false;
  }
}

function isAbandoned(path: string): boolean {
  try {
    const owner = Number(readFileSync(path, "utf8"));
    // Empty for the instant between creation and the writing of the pid.
    if (!owner) return false;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
