// A deployment is copied while events come in, and brought back on a fresh folder: everything is as it was.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { Manifest } from "../../workers/local/backup/manifest.ts";
import { root } from "../repo/source.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { type Deployment, everythingAsked, fillDeployment, OWNER, signIn } from "../support/deployment.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { filesBelow, type Place, tracesOf } from "../support/traces.ts";

const SITE = "shop.example";
const BUSY = "busy.example";
const EVENTS = 6_000;
const BACKUP_KEY = Buffer.alloc(32, 7).toString("base64");

const folder = mkdtempSync(join(tmpdir(), "edgewise-backup-"));
const FILE = join(folder, "all.tar");
let from: Deployment;
let to: TestServer;
let restored: TestApi;
let now = 0;
let before: Record<string, unknown>;
/** Numbers of the busy site's events: acknowledged before the backup began, and all that were acknowledged in the end. */
const early: number[] = [];
const all: number[] = [];

interface Ran {
  code: number;
  output: string;
}

function run(script: "backup" | "restore", args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, EDGEWISE_DATA: join(folder, "none"), ...env } };
    execFile(process.execPath, [`workers/local/${script}.ts`, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

const withToken = ({ adminToken }: TestServer) => ({ EDGEWISE_TOKEN: adminToken, EDGEWISE_BACKUP_KEY: BACKUP_KEY });

const busyEvent = (number: number) => ({
  site: BUSY,
  id: `busy-${number}`,
  name: "pageview",
  url: `https://${BUSY}/${number}`,
});

async function sendBusy(api: TestApi, number: number) {
  const { status, body } = await api.send(busyEvent(number), { "x-forwarded-for": `198.51.100.${number % 200}` });
  expect(status).toBe(202);
  return body;
}

/** Paths of the busy site, each with its page views. */
async function busyPages(api: TestApi): Promise<Map<number, number>> {
  const asked = { metrics: ["pageviews"], date_range: "7d", dimensions: ["event:page"], pagination: { limit: 10_000 } };
  const { results } = (await api.query(asked as never, BUSY)) as QueryResult;
  return new Map(results.map(({ dimensions, metrics }) => [Number(dimensions[0]?.slice(1)), Number(metrics[0])]));
}

beforeAll(async () => {
  const server = await startTestServer({ trustProxy: true, forPeople: true });
  from = await fillDeployment(server, { site: SITE, shards: 2, events: EVENTS });
  await from.api.createSite({ id: BUSY });
  now = Date.now();
  before = await everythingAsked(from.api, SITE, now);
  for (let number = 0; number < 50; number++) {
    await sendBusy(from.api, number);
    early.push(number);
  }
  let isOver = false;
  const sending = (async () => {
    for (let number = 50; !isOver; number++) {
      await sendBusy(from.api, number);
      all.push(number);
    }
  })();
  const ran = await run("backup", [FILE, "--url", server.url], withToken(server));
  isOver = true;
  await sending;
  all.push(...early);
  expect(ran).toMatchObject({ code: 0, output: expect.stringContaining("whole") });
  to = await startTestServer({ trustProxy: true, forPeople: true });
  restored = connectTestApi(to);
  const back = await run("restore", [FILE, "--url", to.url], withToken(to));
  expect(back).toMatchObject({ code: 0, output: expect.stringContaining("recognised as before") });
}, 400_000);

afterAll(async () => {
  await from?.server.discard();
  await to?.discard();
  rmSync(folder, { recursive: true, force: true });
});

/** Members of the tar, unpacked. */
function membersOf(bytes: Buffer): Place[] {
  const places: Place[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const name = bytes.toString("utf8", at, bytes.indexOf(0, at));
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    const content = bytes.subarray(at + 512, at + 512 + size);
    places.push({ name, bytes: name.endsWith(".gz") ? gunzipSync(content) : content });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return places;
}

const manifest = (): Manifest =>
  JSON.parse(
    membersOf(readFileSync(FILE))
      .find(({ name }) => name === "manifest.json")!
      .bytes.toString(),
  );

describe("what was brought back", () => {
  it("answers every question and lists everything as before", async () => {
    const after = await everythingAsked(restored, SITE, now);
    for (const [name, told] of Object.entries(before)) expect([name, after[name]]).toEqual([name, told]);
    expect((await restored.status(SITE)).events).toBe((await from.api.status(SITE)).events);
    expect((await restored.site(SITE)).shards).toBe(2);
  });

  it("lets people sign in by their passwords, and keys and share links ask, but nobody by a session of before", async () => {
    const asked = { body: { site_id: SITE, metrics: ["visitors"], date_range: "7d" } };
    expect((await restored.request("POST", "/api/v2/query", { ...asked, token: from.key })).status).toBe(200);
    expect(await signIn(restored, { ...OWNER, password: "another password of hers" })).toBe(401);
    const headers = await signIn(restored);
    expect(headers).toHaveProperty("cookie");
    const me = await restored.request("GET", "/api/v1/me", { token: "", headers: headers as Record<string, string> });
    expect(me.body).toMatchObject({ email: OWNER.email });
    expect(
      (await restored.request("POST", `/api/v1/shares/${from.share}`, { token: "", body: {} })).status,
    ).toBeLessThan(300);
    const old = (await signIn(from.api)) as Record<string, string>;
    expect((await restored.request("GET", "/api/v1/me", { token: "", headers: old })).status).toBe(401);
  });

  it("holds what was acknowledged before it began, each event once, and nothing of after its cut", async () => {
    const pages = await busyPages(restored);
    const { cuts } = manifest().sites.find(({ id }) => id === BUSY)!;
    expect(pages.size).toBe(cuts[0]?.events);
    expect(early.filter((number) => pages.get(number) !== 1)).toEqual([]);
    expect([...pages.values()].filter((count) => count !== 1)).toEqual([]);
    // Sent one after another: what is there is a beginning of it.
    expect(Math.max(...pages.keys())).toBe(pages.size - 1);
    expect(pages.size).toBeLessThan(all.length);
  });

  it("knows what it has when it is sent again, and takes what it lacks", async () => {
    const pages = await busyPages(restored);
    for (const number of all.slice(0, 400)) {
      const body = await sendBusy(restored, number);
      expect([number, body.accepted, body.duplicate]).toEqual([
        number,
        pages.has(number) ? 0 : 1,
        pages.has(number) ? 1 : 0,
      ]);
    }
  });

  it("recognises users who come again", async () => {
    const asked = { metrics: ["users"], date_range: "all" } as never;
    const usersOf = async (api: TestApi) => (await api.query(asked, SITE)).results[0]?.metrics[0];
    const known = await usersOf(restored);
    const event = {
      site: SITE,
      name: "pageview",
      url: "https://shop.example/",
      userId: "user-0",
      consent: { analytics: true },
    };
    await restored.send(event, { "x-forwarded-for": "192.0.2.1" });
    expect(await usersOf(restored)).toBe(known);
    await restored.send({ ...event, userId: "user-new" }, { "x-forwarded-for": "192.0.2.2" });
    expect(await usersOf(restored)).toBe(Number(known) + 1);
  });

  it("is not brought back over anything", async () => {
    const again = await run("restore", [FILE, "--url", to.url], withToken(to));
    expect(again).toMatchObject({ code: 2, output: expect.stringContaining("not empty") });
    const forced = await run("restore", [FILE, "--url", to.url, "--force"], withToken(to));
    expect(forced).toMatchObject({ code: 2, output: expect.stringContaining("not written over") });
  });
});

/** Where the head of the largest member of such a name begins: a byte of a small one may lie behind its end, in what fills up. */
function headOfLargest(tar: Buffer, name: string): number {
  let largest = { at: -1, size: -1 };
  for (let at = 0, size = 0; at < tar.length && tar[at] !== 0; at += 512 + Math.ceil(size / 512) * 512) {
    size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    if (tar.toString("latin1", at, at + 100).includes(name) && size > largest.size) largest = { at, size };
  }
  return largest.at;
}

describe("the file", () => {
  it("holds no secret of a day, no password, no key and no token", () => {
    const places = membersOf(readFileSync(FILE));
    const secrets = filesBelow(from.server.dataDir)
      .map(({ bytes }) => bytes.toString("latin1"))
      .filter((text) => /^[0-9a-f]{64}$/.test(text));
    // Yesterday to the day after tomorrow, and the identity key.
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    const hidden = [...secrets, OWNER.password, from.key, from.server.adminToken, BACKUP_KEY];
    expect(tracesOf(hidden, places)).toEqual([]);
    expect(tracesOf([OWNER.email, "user-0"], places).length).toBe(1);
  });

  it.each([
    ["events", "events-000001", 700],
    ["a part's head", "memory.json", 3],
    ["the manifest", "manifest.json", 600],
  ])("is found out with a flipped byte of %s", async (_, member, within) => {
    const bytes = readFileSync(FILE);
    const at = headOfLargest(bytes, member) + within;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    const file = join(folder, "changed.tar");
    writeFileSync(file, bytes);
    expect(await run("backup", ["--verify", file])).toMatchObject({ code: 1 });
    expect(await run("restore", [file, "--url", to.url], withToken(to))).toMatchObject({ code: 1 });
  });

  it("is found out with a part missing, and cut short", async () => {
    const bytes = readFileSync(FILE);
    const at = bytes.indexOf("shards/0-0/ids-000001.bin");
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    const without = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 512 + Math.ceil(size / 512) * 512)]);
    writeFileSync(join(folder, "without.tar"), without);
    const ran = await run("backup", ["--verify", join(folder, "without.tar")]);
    expect(ran).toMatchObject({ code: 1, output: expect.stringContaining("ids-000001.bin is missing") });
    writeFileSync(join(folder, "short.tar"), bytes.subarray(0, bytes.length / 2));
    expect(await run("backup", ["--verify", join(folder, "short.tar")])).toMatchObject({ code: 1 });
  });

  it("is whole as it stands, and is not written over", async () => {
    expect(await run("backup", ["--verify", FILE])).toMatchObject({
      code: 0,
      output: expect.stringContaining("whole"),
    });
    expect(await run("backup", [FILE])).toMatchObject({ code: 2, output: expect.stringContaining("there already") });
  });
});

describe("who was erased after the backup", () => {
  it("does not come back", async () => {
    const parts = manifest().parts.filter(({ site, kind }) => site === SITE && kind === "events");
    const names = new Set(parts.map(({ name }) => name));
    const places = membersOf(readFileSync(FILE)).filter(({ name }) => names.has(name));
    const lines = places.flatMap(({ bytes }) => bytes.toString().split("\n")).filter((line) => line !== "");
    const packed = lines.map((line) => (JSON.parse(line) as [string, string[]])[1]);
    const userId = packed.find((event) => event[5] !== "")![5]!;
    const own = packed.filter((event) => event[5] === userId).length;
    const erased = join(folder, "erased.json");
    writeFileSync(erased, JSON.stringify([{ site: SITE, userId }]));
    const target = { EDGEWISE_DATA: join(folder, "fresh"), PORT: "1", EDGEWISE_BACKUP_KEY: BACKUP_KEY };
    const ran = await run("restore", [FILE, "--erased", erased, "--json"], target);
    expect(ran.code, ran.output).toBe(0);
    expect(own).toBeGreaterThan(3);
    expect(JSON.parse(ran.output)).toMatchObject({ erased: own });
    const copy = await run("backup", [join(folder, "after.tar")], target);
    expect(copy.code, copy.output).toBe(0);
    expect(tracesOf([userId], membersOf(readFileSync(FILE)))).not.toEqual([]);
    expect(tracesOf([userId], membersOf(readFileSync(join(folder, "after.tar"))))).toEqual([]);
  });
});
