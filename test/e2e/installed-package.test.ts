// The packed package below node_modules of another project, with its dependencies alone: it serves, and its plan command works.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSource, root } from "../repo/source.ts";

const project = mkdtempSync(join(tmpdir(), "edgewise-installed-"));
const command = join(project, "node_modules/edgewise/workers/local/edgewise.js");

/** In the other project's folder. */
function edgewise(args: readonly string[], env: Record<string, string> = {}) {
  const { EDGEWISE_DATA: _, EDGEWISE_KEY: __, ...own } = process.env;
  return spawn(process.execPath, [command, ...args], {
    cwd: project,
    env: { ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const child = edgewise(args);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = await once(child, "close");
  return { code, output };
}

beforeAll(() => {
  const packing = ["pack", "--ignore-scripts", "--silent", "--pack-destination", project];
  const file = execFileSync("npm", packing, { cwd: root, encoding: "utf8" }).trim();
  execFileSync("tar", ["-xzf", join(project, file), "-C", project]);
  mkdirSync(join(project, "node_modules"));
  renameSync(join(project, "package"), join(project, "node_modules/edgewise"));
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(readSource("package.json").text);
  for (const name of Object.keys(dependencies)) {
    const link = join(project, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

it("serves on what it was packed with, and a plan is pushed, compared, fetched and turned into types", async () => {
  const server = edgewise(["start", "--json"], { PORT: "0" });
  let complaints = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const [line = "{}"] = await Promise.race([
    once(createInterface({ input: server.stdout }), "line"),
    once(server, "exit"),
  ]);
  expect(complaints).toBe("");
  const { url, siteId } = JSON.parse(line);
  try {
    const tracker = await fetch(`${url}/js/edgewise.js`);
    expect([tracker.status, await tracker.text()]).toEqual([200, expect.stringContaining("/api/event")]);
    writeFileSync(join(project, "plan.yaml"), "events: { signed_up: { properties: { seats: { type: integer } } } }");
    const plan = (...args: string[]) => ended(["plan", ...args, "--site", siteId, "--url", url]);
    expect(await plan("push", "plan.yaml", "--yes")).toMatchObject({
      code: 0,
      output: expect.stringContaining("pushed as version 1"),
    });
    expect(await plan("diff", "plan.yaml")).toMatchObject({ code: 0, output: "no changes from version 1\n" });
    expect(await plan("pull")).toMatchObject({ code: 0, output: expect.stringContaining("seats:") });
    expect(await plan("types", "--out", "planned.ts")).toMatchObject({ code: 0, output: "" });
    expect(readFileSync(join(project, "planned.ts"), "utf8")).toContain('"seats"?: number;');
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
});

it("says what there is, and refuses what there is not", async () => {
  expect(await ended([])).toMatchObject({ code: 0, output: expect.stringContaining("plan     push, diff, pull") });
  expect(await ended(["plans"])).toMatchObject({ code: 2, output: expect.stringContaining("no command plans") });
});
