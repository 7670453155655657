import { read, utils } from "@e965/xlsx";
import { tableFromIPC } from "apache-arrow";
import { parse } from "csv-parse/sync";
import { readParquet } from "parquet-wasm";
import { describe, expect, it } from "vitest";
import { fileResponse } from "../../../workers/exports/file-response.ts";
import { type FormatName, formats } from "../../../workers/exports/formats/index.ts";
import type { Cell, Column, Table } from "../../../workers/exports/table.ts";

const columns: Column[] = [
  { name: "event:page", type: "text" },
  { name: "visitors", type: "number" },
  { name: "at", type: "time" },
];

const AT = Date.UTC(2026, 10, 26, 12, 30, 15, 250);

/** Formulas, quotes, line ends, letters of all kinds, nothing, fractions and large numbers. */
const ROWS: Cell[][] = [
  ["=1+1", 3, AT],
  ['+49 "quoted", and;more', -2.5, AT + 1],
  ["@SUM(A1)\nsecond line", 9_007_199_254_740_991, AT + 86_400_000],
  ["-1", 0, null],
  ["/日本語/größe/שלום/🙂", null, AT],
  ["", 1 / 3, AT],
];

const table: Table = {
  name: "example.com 7d",
  facts: [
    ["Site", "example.com"],
    ["Filters", '[["is","event:page",["/a\n/b"]]]'],
  ],
  columns,
  rows: [],
};

async function written(name: FormatName, rows: Cell[][], chunk = 2): Promise<Uint8Array> {
  async function* some() {
    for (let start = 0; start < rows.length; start += chunk) yield rows.slice(start, start + chunk);
  }
  return new Uint8Array(await fileResponse(formats[name], { ...table, rows: some() }).arrayBuffer());
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const isoOf = (cell: Cell | undefined) => (typeof cell === "number" ? new Date(cell).toISOString() : null);

describe("exported files", () => {
  it("csv: are read by another library with equal values, formulas disarmed", async () => {
    const text = textOf(await written("csv", ROWS));
    expect(text.split("\r\n").slice(0, 3)).toEqual([
      "# Site: example.com",
      '# Filters: [["is","event:page",["/a /b"]]]',
      "event:page,visitors,at",
    ]);
    const rows = parse(text, { comment: "#", columns: true, relax_column_count: false }) as Record<string, string>[];
    expect(rows.map((row) => row["event:page"])).toEqual([
      "'=1+1",
      `'+49 "quoted", and;more`,
      "'@SUM(A1)\nsecond line",
      "'-1",
      ROWS[4]![0],
      "",
    ]);
    expect(rows.map(({ visitors }) => (visitors === "" ? null : Number(visitors)))).toEqual(ROWS.map((row) => row[1]));
    expect(rows.map(({ at }) => at || null)).toEqual(ROWS.map((row) => isoOf(row[2])));
  });

  it("json and json lines: are what they were", async () => {
    const expected = ROWS.map(([page, visitors, at]) => ({ "event:page": page, visitors, at }));
    const whole = JSON.parse(textOf(await written("json", ROWS)));
    expect(whole.rows).toEqual(expected);
    expect(whole.about.Site).toBe("example.com");
    const lines = textOf(await written("ndjson", ROWS))
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
  });

  it("excel: is opened by another library with equal values, text never a formula", async () => {
    const book = read(await written("xlsx", ROWS), { cellDates: true, UTC: true });
    expect(book.SheetNames).toEqual(["Data", "About"]);
    const sheet = book.Sheets.Data!;
    const rows = utils.sheet_to_json<unknown[]>(sheet, { header: 1, raw: true, defval: null, UTC: true });
    expect(rows[0]).toEqual(["event:page", "visitors", "at"]);
    expect(rows.slice(1).map((row) => row[0] ?? "")).toEqual(ROWS.map((row) => row[0]));
    expect(rows.slice(1).map((row) => row[1])).toEqual(ROWS.map((row) => row[1]));
    const seconds = (cell: unknown) => (cell instanceof Date ? Math.round(cell.getTime() / 1000) : null);
    const times = ROWS.map((row) => (typeof row[2] === "number" ? Math.round(row[2] / 1000) : null));
    expect(rows.slice(1).map((row) => seconds(row[2]))).toEqual(times);
    expect(Object.values(sheet).some((cell) => typeof cell === "object" && "f" in cell)).toBe(false);
    const about = utils.sheet_to_json<unknown[]>(book.Sheets.About!, { header: 1 });
    expect(about[0]).toEqual(["Site", "example.com"]);
  });

  it("parquet: is read by another implementation with equal values, over several groups of rows", async () => {
    const many = Array.from({ length: 45_000 }, (_, row): Cell[] => [`/page/${row % 700}`, row / 4, AT + row]);
    const read = tableFromIPC(readParquet(await written("parquet", [...ROWS, ...many], 1000)).intoIPCStream());
    expect(read.schema.metadata.get("Site")).toBe("example.com");
    expect(read.numRows).toBe(ROWS.length + many.length);
    const got = Array.from(read, (row) => [
      row?.["event:page"],
      row?.visitors,
      row?.at === null ? null : Number(row?.at),
    ]);
    expect(got).toEqual([...ROWS, ...many]);
  });

  it.each(Object.keys(formats) as FormatName[])("%s: of nothing is a whole file still", async (name) => {
    const bytes = await written(name, []);
    if (name === "xlsx") expect(read(bytes).SheetNames).toEqual(["Data", "About"]);
    else if (name === "parquet") expect(readParquet(bytes).intoIPCStream().length).toBeGreaterThan(0);
    else if (name === "json") expect(JSON.parse(textOf(bytes)).rows).toEqual([]);
    else expect(textOf(bytes).split("\r\n").at(-1)).toBe("");
  });

  it("name themselves for every client, and carry what they are about", () => {
    const { headers } = fileResponse(formats.csv, { ...table, name: 'größe "7d"/..\\x' });
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="gr__e _7d_.._x.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20_7d_.._x.csv`,
    );
    expect(JSON.parse(decodeURIComponent(headers.get("edgewise-about")!))).toMatchObject({ Site: "example.com" });
    expect(headers.get("content-type")).toBe("text/csv");
  });

  it("end with an error when their rows do, rather than look whole", async () => {
    async function* broken(): AsyncIterable<Cell[][]> {
      yield [["/a", 1, AT]];
      throw new Error("a shard did not answer");
    }
    for (const format of Object.values(formats)) {
      await expect(fileResponse(format, { ...table, rows: broken() }).arrayBuffer()).rejects.toThrow("a shard");
    }
  });
});
