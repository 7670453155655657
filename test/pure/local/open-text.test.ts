import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstLines, openText } from "../../../workers/local/replay/open-text.ts";
import { splitLines } from "../../../workers/local/replay/split-lines.ts";
import { fixturesDir } from "../../support/fixtures.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgewise-open-text-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function textOf(path: string): Promise<string> {
  let text = "";
  for await (const chunk of (await openText(path)).text) text += chunk;
  return text;
}

describe("opening a file", () => {
  it("gives plain and gzip-packed text alike, whatever the names", async () => {
    const text = "grüße, 世界\n".repeat(50_000);
    expect(await textOf(await written("plain.gz", text))).toBe(text);
    expect(await textOf(await written("packed.log", gzipSync(text)))).toBe(text);
  });

  it("reads on through a gzip file of several members", async () => {
    const members = Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]);
    expect(await textOf(await written("members.gz", members))).toBe("one\ntwo\n");
  });

  it.skipIf(!fixturesDir)("unpacks xz", async () => {
    const lines = await firstLines(join(fixturesDir ?? "", "ecommerce/cdnow_master.csv.xz"));
    expect(lines.slice(0, 2)).toEqual(["customer_id,date,quantity,dollar", "00001,1997-01-01,1,11.77"]);
  });

  it("throws where a packed file ends too early", async () => {
    const packed = gzipSync("line\n".repeat(10_000));
    const path = await written("cut.gz", packed.subarray(0, packed.length - 20));
    await expect(textOf(path)).rejects.toThrow("unexpected end of file");
  });

  it("takes bytes that are no UTF-8", async () => {
    expect(await textOf(await written("latin1.log", Buffer.from([0x61, 0xe9, 0x62])))).toBe("a\ufffdb");
  });
});

describe("splitting lines", () => {
  async function lines(...chunks: string[]) {
    const found: [number, string][] = [];
    async function* text() {
      yield* chunks;
    }
    for await (const group of splitLines(text())) for (const line of group) found.push([line.number, line.text]);
    return found;
  }

  it("joins what chunks cut, and drops line ends of either kind", async () => {
    expect(await lines("a\r", "\nb\n", "\nc")).toEqual([
      [1, "a"],
      [2, "b"],
      [3, ""],
      [4, "c"],
    ]);
  });

  it("cuts a line that has no end, so that memory stays bounded", async () => {
    const megabyte = "x".repeat(1024 * 1024);
    const [line] = await lines(...Array.from({ length: 5 }, () => megabyte), "\n");
    expect(line?.[1]).toHaveLength(megabyte.length);
  });
});
