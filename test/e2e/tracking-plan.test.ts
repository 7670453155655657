// The tracking plan as a site's people use it: the guide's own file and commands, and a replay whose server is killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { trackingPlanSchema } from "../../workers/domain/plan-schema.ts";
import { shellCommands } from "../repo/prose-rules.ts";
import { readSource, root } from "../repo/source.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const guide = readSource("docs/tracking-plan.md");
const folder = mkdtempSync(join(tmpdir(), "edgewise-plan-"));
const file = join(folder, "tracking-plan.yaml");
const SITE = "example.com";
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await api("POST", "/api/v1/sites", { id: SITE });
});

afterAll(async () => {
  await server?.discard();
  rmSync(folder, { recursive: true, force: true });
});

async function api<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.adminToken}`,
      "content-type": "application/json",
      "user-agent": "Mozilla/5.0 Firefox/133.0",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Reply; // as the caller says
}

interface Run {
  code: number;
  output: string;
}

async function edgewise(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [join(root, "workers/local/edgewise.js"), ...args, "--url", server.url], {
    cwd: folder,
    env: { ...process.env, EDGEWISE_DATA: server.dataDir, EDGEWISE_KEY: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = await once(child, "close");
  return { code: Number(code), output };
}

const plan = (...args: string[]): Promise<Run> => edgewise("plan", ...args);

const order = (props: Record<string, unknown>, id: string) => ({
  ...{ site: SITE, name: "order_completed", url: "https://example.com/checkout", id, props },
});
const send = (body: unknown) => api<Record<string, number>>("POST", "/api/event", body);
const replay = () => api<Record<string, number>>("POST", `/api/v1/sites/${SITE}/quarantine/replay`, {});

async function counted(): Promise<number> {
  const query = {
    site_id: SITE,
    metrics: ["events"],
    date_range: "all",
    filters: [["is", "event:name", ["order_completed"]]],
  };
  const { results } = await api<{ results: { metrics: number[] }[] }>("POST", "/api/v2/query", query);
  return results[0]?.metrics[0] ?? 0;
}

it("the guide's file is a plan, and its commands do what they say", async () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(guide.text)?.[1] ?? "";
  expect(trackingPlanSchema.safeParse(parse(yaml)).success).toBe(true);
  const commands = shellCommands(guide).filter((command) => command.startsWith("npx edgewise plan "));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const run = await edgewise(...command.slice("npx edgewise ".length).split(" "));
    expect(run, command).toMatchObject({ code: 0 });
    if (command.includes(" draft ")) writeFileSync(file, yaml);
  }
  expect(parse(readFileSync(file, "utf8"))).toEqual(parse(yaml));
  expect(readFileSync(join(folder, "planned-events.ts"), "utf8")).toContain('"order_id": string;');
});

it("a bad event goes to quarantine, the plan is mended by a push, and the event is replayed and counted once", async () => {
  expect(await send(order({ order_id: "AB-1", total: 10 }, "good"))).toMatchObject({ accepted: 1 });
  expect(await send(order({ order_id: "AB-2", total: "10" }, "bad"))).toMatchObject({ accepted: 0, quarantined: 1 });
  expect(await counted()).toBe(1);
  const mended = parse(readFileSync(file, "utf8"));
  mended.events.order_completed.properties.total = { type: "string", required: true };
  writeFileSync(file, stringify(mended));
  const refused = await plan("push", "tracking-plan.yaml", "--site", SITE, "--yes");
  expect(refused.code).toBe(3);
  expect(refused.output).toContain("! order_completed.total: type narrowed: number → string (breaking)");
  expect((await plan("diff", "tracking-plan.yaml", "--site", SITE)).code).toBe(3);
  // Nobody is there to be asked.
  expect((await plan("push", "tracking-plan.yaml", "--site", SITE, "--breaking")).code).toBe(3);
  const pushed = await plan("push", "tracking-plan.yaml", "--site", SITE, "--yes", "--breaking");
  expect(pushed).toMatchObject({ code: 0, output: expect.stringContaining("pushed as version 2") });
  expect(await replay()).toMatchObject({ replayed: 1, left: 0 });
  expect(await replay()).toMatchObject({ replayed: 0, left: 0 });
  expect(await counted()).toBe(2);
});

it("what is not a plan, or names that are not as agreed, are said by line and exit code", async () => {
  writeFileSync(join(folder, "wrong.yaml"), "events: { a: { properties: { b: { type: text } } } }");
  const wrong = await plan("push", "wrong.yaml", "--site", SITE, "--yes");
  expect(wrong).toMatchObject({ code: 2, output: expect.stringContaining("events.a.properties.b.type") });
  writeFileSync(join(folder, "names.json"), JSON.stringify({ events: { clickButton: {}, sign_up: {}, signup: {} } }));
  const lint = await plan("lint", "names.json", "--site", SITE);
  expect(lint).toMatchObject({ code: 3, output: expect.stringContaining("is it the same as signup?") });
  expect((await plan("types", "--site", SITE)).output).toContain("version 2 of the tracking plan of example.com");
});

it("a replay whose server is killed in the middle ends the same", async () => {
  const path = `/api/v1/sites/${SITE}/tracking-plan`;
  const { plan: strict } = await api<{ plan: unknown }>("GET", path);
  let expected = await counted();
  // A round whose replay was over before the kill shows nothing, and another one follows.
  for (let round = 0, isCut = false; !isCut; round++) {
    expect(round).toBeLessThan(5);
    const before = expected;
    const events = Array.from({ length: 3000 }, (_, i) => order({ order_id: "AB-1", total: i }, `k-${round}-${i}`));
    for (let i = 0; i < events.length; i += 500) {
      expect(await send(events.slice(i, i + 500))).toMatchObject({ quarantined: 500 });
    }
    expected += events.length;
    await api("PUT", path, { events: {} });
    const answer = replay().then(
      () => "whole",
      () => "cut",
    );
    while ((await counted()) === before) expect(server.pids().node).not.toBeNull();
    await server.kill("both");
    isCut = (await answer) === "cut";
    await server.restart();
    for (let left = 1; left > 0; ) ({ left = 0 } = await replay());
    expect(await counted()).toBe(expected);
    await api("PUT", path, strict);
  }
}, 240_000);
