// Does what the README and the guides tell a reader to type, against the server that `npm start` gives.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curlCalls } from "../repo/prose-rules.ts";
import { listProse, root } from "../repo/source.ts";

interface Ready {
  url: string;
  siteId: string;
  adminToken: string;
}

const folder = mkdtempSync(join(tmpdir(), "edgewise-guides-"));
let server: ChildProcess;
let ready: Ready;

beforeAll(async () => {
  const env = { ...process.env, PORT: "0", EDGEWISE_DATA: folder };
  const child = spawn(process.execPath, ["workers/local/start.ts", "--json"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  server = child;
  ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("{") && resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}`)));
  });
  const headers = { authorization: `Bearer ${ready.adminToken}`, "content-type": "application/json" };
  const body = JSON.stringify({ id: "example.com" });
  const made = await fetch(`${ready.url}/api/v1/sites`, { method: "POST", headers, body });
  expect(made.status, await made.text()).toBe(201);
});

afterAll(async () => {
  if (server?.exitCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe("what the guides tell to type", () => {
  it("names the address, a site and the token in one line", () => {
    expect(ready).toEqual({
      url: expect.stringMatching(/^http:\/\/127/),
      siteId: expect.any(String),
      adminToken: expect.any(String),
    });
  });

  it("is accepted: each event is stored, each question answered", async () => {
    const calls = listProse().flatMap((source) => curlCalls(source, ready.adminToken));
    expect(calls.length).toBeGreaterThan(2);
    for (const { method, url, headers, body } of calls) {
      const address = new URL(url.pathname + url.search, ready.url);
      const ask = () => fetch(address, { method, headers, ...(method !== "GET" && { body }) });
      let answer = await ask();
      // An erasure moves the site's visitors, which some questions wait for.
      const moving = async () => answer.status === 409 && (await answer.clone().text()).includes("visitors are moving");
      if (await moving()) {
        const again = async () => {
          answer = await ask();
          return answer.status;
        };
        await expect.poll(again, { timeout: 30_000 }).not.toBe(409);
      }
      const isJson = /[/+]json\b/.test(answer.headers.get("content-type") ?? "");
      const reply: unknown = isJson ? await answer.json() : await answer.text();
      if (url.pathname === "/api/event") expect(reply).toMatchObject({ accepted: 1, dropped: 0, invalid: 0 });
      else expect([200, 201, 202], JSON.stringify(reply)).toContain(answer.status);
    }
  });

  it("copies the deployment, reads the copy and brings it back, by the commands of the guide", async () => {
    const text = readFileSync(`${root}docs/operations.md`, "utf8");
    const commands = [...text.matchAll(/^npm run (backup|restore) -- (.+)$/gm)];
    expect(commands).toHaveLength(3);
    const copies = mkdtempSync(join(tmpdir(), "edgewise-guides-copies-"));
    let file = "";
    for (const [, script, args = ""] of commands) {
      const given = args.split(" ").map((arg) => (arg === "." ? copies : arg.replace(/^edgewise-.*\.tar$/, file)));
      const folderOf = script === "backup" ? folder : join(copies, "fresh");
      const env = { ...process.env, PORT: new URL(ready.url).port, EDGEWISE_DATA: folderOf };
      const ran = await promisify(execFile)(process.execPath, [`workers/local/${script}.ts`, ...given], {
        cwd: root,
        env,
      });
      expect(ran.stdout).toMatch(/whole|restored/);
      file ||= /^(\S+\.tar): whole/.exec(ran.stdout)?.[1] ?? "";
    }
    rmSync(copies, { recursive: true, force: true });
  });

  it("serves the snippet's script and the dashboard", async () => {
    const script = await fetch(`${ready.url}/js/edgewise.js`);
    expect(script.headers.get("content-type")).toContain("javascript");
    expect(await (await fetch(ready.url)).text()).toContain("<html");
  });

  it("is healthy", async () => {
    expect((await fetch(`${ready.url}/health`)).status).toBe(200);
  });
});
