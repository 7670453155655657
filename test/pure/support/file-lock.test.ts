import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withFileLock } from "../../support/file-lock.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-lock-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("runs one work at a time, and leaves no lock behind", async () => {
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withFileLock("lock", work)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it("is freed by work that fails", async () => {
  await expect(withFileLock("lock", () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(await withFileLock("lock", async () => "done")).toBe("done");
});

it("is taken over from a process that died", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await withFileLock("lock", async () => {
    const [name = ""] = readdirSync(folder);
    writeFileSync(join(folder, `${name}.kept`), name);
  });
  const [kept = ""] = readdirSync(folder);
  writeFileSync(join(folder, kept.replace(".kept", "")), String(pid));
  expect(await withFileLock("lock", async () => "done")).toBe("done");
});
