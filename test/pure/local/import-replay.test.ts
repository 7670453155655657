import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOptions } from "../../../workers/local/replay/options.ts";
import { runReplay } from "../../../workers/local/replay/run-replay.ts";
import { type Summary, summaryText } from "../../../workers/local/replay/summary.ts";
import { type ImportDoor, openImportDoor } from "./import-door.ts";

let door: ImportDoor;
let folder = "";
let file = "";

beforeEach(async () => {
  door = await openImportDoor();
  folder = await mkdtemp(join(tmpdir(), "edgewise-replay-"));
  file = join(folder, "events.csv");
  await writeEvents(500);
});
afterEach(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

function writeEvents(count: number, nameOf: (line: number) => string = () => "pageview"): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) => `${1700000000 + i},v${i % 7},${nameOf(i)},/p${i}`);
  return writeFile(file, `at,visitor,name,path\n${lines.join("\n")}\n`);
}

async function replay(args: string[] = [], signal = new AbortController().signal): Promise<Summary> {
  const common = ["--site", "s", "--url", door.url, "--key", "k"];
  const options = readOptions([file, ...common, ...args], {});
  if (options === null) throw new Error("help was not asked for");
  return runReplay(options, { progress: { write: () => {} }, signal });
}

function linesThere(): number[] {
  return [...door.lines.values()].flatMap((lines) => [...lines.keys()]).sort((a, b) => a - b);
}

const everyLine = (count: number) => Array.from({ length: count }, (_, i) => i);
const isImport = ({ path }: { path: string }) => path.endsWith("/import");

describe("importing a file", () => {
  it("sends every line once, in batches, and ends the import", async () => {
    const summary = await replay(["--batch", "60"]);
    expect(summary).toMatchObject({ outcome: "imported", lines: 500, sent: 500, accepted: 500, duplicate: 0 });
    expect(linesThere()).toEqual(everyLine(500));
    expect(Math.max(...door.sizes)).toBe(60);
    expect([...door.states.values()]).toEqual(["finished"]);
    expect(door.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it("sends nothing the second time", async () => {
    await replay();
    door.requests.length = 0;
    const summary = await replay();
    expect(summary.outcome).toBe("already-imported");
    expect(door.requests).toHaveLength(1);
  });

  it("counts what the server refuses, and says which line and why", async () => {
    await writeEvents(10, (line) => (line === 4 ? "bad" : "pageview"));
    const summary = await replay();
    expect(summary).toMatchObject({ accepted: 9, refused: { invalid: 1 }, examples: [{ line: 6, reason: "url: no" }] });
    expect(summaryText(summary)).toContain("line 6: url: no");
  });

  it("outlasts a busy server, a failing one and lost connections, before the write and after it", async () => {
    door.trouble = ({ count }) => {
      if (count === 2) return { status: 429, headers: { "retry-after": "0" } };
      if (count === 3) return { status: 503, headers: { "retry-after": "0" } };
      if (count === 5) return "cut";
      return count === 7 ? "cut-after" : null;
    };
    const summary = await replay(["--batch", "100"]);
    expect(summary).toMatchObject({ outcome: "imported", sent: 500 });
    expect(summary.accepted + summary.duplicate).toBe(500);
    expect(summary.duplicate).toBeGreaterThan(0);
    expect(linesThere()).toEqual(everyLine(500));
  });

  it("sends only those lines again that the server puts off", async () => {
    await writeEvents(3);
    const putOff = { index: 1, status: "retry" };
    const reply = { accepted: 2, duplicate: 0, dropped: 0, invalid: 0, retry: 1, reasons: {}, events: [putOff] };
    let asked = 0;
    door.trouble = (request) => (isImport(request) && asked++ === 0 ? { status: 200, body: reply } : null);
    const summary = await replay();
    expect(summary).toMatchObject({ sent: 3, accepted: 3 });
    expect(linesThere()).toEqual([1]);
  });

  it("halves a batch that is too large", async () => {
    let refused = 0;
    door.trouble = (request) => (isImport(request) && refused++ < 3 ? { status: 413 } : null);
    expect(await replay()).toMatchObject({ sent: 500, accepted: 500 });
    expect(linesThere()).toEqual(everyLine(500));
  });

  it("says what to do when the site does not exist", async () => {
    door.trouble = (request) => (isImport(request) ? { status: 404, body: { detail: "no site s" } } : null);
    const summary = await replay();
    expect(summary).toMatchObject({ outcome: "failed", note: expect.stringContaining("--create makes the site") });
  });
});

describe("a stopped import", () => {
  it("goes on where it stopped, without losing what was on its way", async () => {
    await writeEvents(12_000);
    const controller = new AbortController();
    let imports = 0;
    door.trouble = (request) => {
      if (!isImport(request)) return null;
      // The third batch is lost while later ones arrive; then somebody presses Ctrl-C.
      if (++imports === 100) controller.abort();
      return imports === 3 || imports >= 100 ? "cut" : null;
    };
    const first = await replay(["--batch", "100"], controller.signal);
    expect(first).toMatchObject({ outcome: "stopped", note: expect.stringContaining("the same command goes on") });
    expect(linesThere().length).toBeLessThan(12_000);
    door.trouble = () => null;
    const second = await replay(["--batch", "100"]);
    expect(second.outcome).toBe("imported");
    expect(second.resumed).toBeGreaterThan(0);
    expect(second.resumed + second.sent).toBe(12_000);
    expect(linesThere()).toEqual(everyLine(12_000));
  });

  it("is another import when the file or a choice differs", async () => {
    const first = await replay();
    const other = await replay(["--bots", "keep"]);
    await writeEvents(501);
    const third = await replay();
    expect(new Set([first.id, other.id, third.id]).size).toBe(3);
  });
});

describe("undoing an import", () => {
  it("removes what the same command sent; then it can be imported anew", async () => {
    await replay();
    expect(await replay(["--undo"])).toMatchObject({ outcome: "undone", removed: 500 });
    expect(linesThere()).toEqual([]);
    expect(await replay(["--undo"])).toMatchObject({ outcome: "nothing-to-undo" });
    expect(await replay()).toMatchObject({ outcome: "imported", accepted: 500 });
    expect(await replay(["--undo"])).toMatchObject({ outcome: "undone", removed: 500 });
  });
});

describe("a live replay", () => {
  it("sends each line as a beacon of now, with the visitor's own address and agent", async () => {
    file = join(folder, "access.log");
    const line = (path: string, agent: string) =>
      `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET ${path} HTTP/1.1" 200 5 "https://ref.example/" "${agent}"`;
    await writeFile(file, `${line("/a", "Agent One")}\n${line("/b", "Agent Two")}\n`);
    expect(await replay(["--live", "--host", "h.example"])).toMatchObject({ outcome: "sent", sent: 2, accepted: 2 });
    expect(door.beacons.map(({ headers }) => headers["user-agent"]).sort()).toEqual(["Agent One", "Agent Two"]);
    expect(door.beacons[0]?.headers["x-forwarded-for"]).toBe("192.0.2.7");
    const body = door.beacons.find(({ headers }) => headers["user-agent"] === "Agent One")?.body;
    expect(body).toEqual({
      ...{ site: "s", name: "pageview", url: "https://h.example/a", referrer: "https://ref.example/" },
      id: expect.any(String),
    });
    expect(new Set(door.beacons.map(({ body: { id } }) => id)).size).toBe(2);
  });

  it("keeps visitors apart who have only a name, and marks a retry with the same id", async () => {
    let cut = 0;
    door.trouble = ({ path }) => (path === "/api/event" && cut++ === 0 ? "cut-after" : null);
    await writeEvents(14);
    const summary = await replay(["--live"]);
    expect(summary.sent).toBe(14);
    expect(new Set(door.beacons.map(({ headers }) => headers["x-forwarded-for"])).size).toBe(7);
    expect(new Set(door.beacons.map(({ body }) => body.id)).size).toBe(14);
    expect(door.beacons.filter(({ body }) => body.retry === true)).toHaveLength(1);
  });
});

describe("a dry run", () => {
  it("reads and counts without a server", async () => {
    const summary = await replay(["--dry-run"]);
    expect(door.requests).toEqual([]);
    expect(summary).toMatchObject({ outcome: "read", lines: 500, preview: { visitors: 7, names: { pageview: 500 } } });
  });
});
