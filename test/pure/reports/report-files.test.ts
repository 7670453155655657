// Files of a report, opened by readers of other makers: every number and text is the document's.
import { read, utils } from "@e965/xlsx";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import type { ReportBlock, ReportDocument, Shown } from "../../../workers/domain/report-document.ts";
import { tableOf } from "../../../workers/reports/formats/block-table.ts";
import { formats } from "../../../workers/reports/formats/index.ts";
import { sheetName } from "../../../workers/reports/formats/xlsx.ts";
import { bare, openedPdf, pdfPages, SENTENCES } from "../../support/pdf-pages.ts";
import { aPart, aReport, fontPorts, n, t, weekly } from "../../support/report-document.ts";

async function bytesOf(name: keyof typeof formats, document: ReportDocument): Promise<Uint8Array> {
  const file = await formats[name].write(document, fontPorts);
  return typeof file === "string" ? new TextEncoder().encode(file) : file;
}

const openPdf = async (document: ReportDocument) => openedPdf(await bytesOf("pdf", document));
const pagesOf = async (document: ReportDocument) => pdfPages(await bytesOf("pdf", document));

const tablesOf = ({ parts }: ReportDocument) =>
  parts.flatMap(({ blocks }) => blocks.flatMap((block) => tableOf(block) ?? []));
const numbersOf = (document: ReportDocument): number[] =>
  tablesOf(document).flatMap(({ rows }) =>
    rows.flatMap((row) => row.flatMap(({ value }) => (typeof value === "number" ? [value] : []))),
  );

describe("a PDF", () => {
  it("has every figure and cell of the report as text, in all scripts that are read from the left", async () => {
    const document = weekly();
    const text = (await pagesOf(document)).join("");
    const shown = document.parts.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind !== "picture");
    const written = shown.flatMap((block) => tableOf(block)?.rows.flat() ?? []).map(({ text: one }) => bare(one));
    const isRtl = (one: string) => /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(one);
    expect(written.filter(isRtl)).toHaveLength(2);
    expect(written.filter((one) => !isRtl(one) && !text.includes(one))).toEqual([]);
    for (const word of ["מספר", "המבקרים", "Οι", "посетителей", "lượng", "日本語", "→", "✓"])
      expect(text).toContain(word);
    expect(text).not.toContain("\uFFFD");
  });

  it.each(Object.entries(SENTENCES))("has %s as text: in titles, cells and beside charts", async (_, sentence) => {
    const rows = [[t(sentence)], [t(`Germany 14 % ${sentence}`)]];
    const picture = {
      title: `${sentence} 1`,
      series: [
        { label: `${sentence} 2`, values: [1, 2], as: "bars" as const },
        { label: `${sentence} 3`, values: [2, 1], as: "line" as const },
      ],
      start: 0,
      step: 86_400_000,
      timeZone: "UTC",
    };
    const blocks: ReportBlock[] = [
      { kind: "table", columns: [{ label: sentence, type: "text" }], rows, more: 0 },
      { kind: "picture", picture, columns: [], rows: [] },
    ];
    const pages = await pagesOf(aReport([aPart("p", sentence, blocks)], { title: sentence }));
    const text = pages.join("");
    // The report's title, the part's, the column's, two cells, the chart's title and its two series.
    expect(text.split(bare(sentence))).toHaveLength(1 + 8);
    expect(text).not.toContain("\uFFFD");
  });

  it("joins Arabic letters and orders them among Latin ones and numbers, so that readers find them as written", async () => {
    const cells = ["أيضًا لا ألمانيا في", "الزوار (Germany) ١٢", "پشتو گچی ہے"];
    const columns = [{ label: "A", type: "text" as const }];
    const table: ReportBlock = { kind: "table", columns, rows: cells.map((one) => [t(one)]), more: 0 };
    const pdf = await openPdf(aReport([aPart("p", "P", [table])]));
    const { items } = await (await pdf.getPage(1)).getTextContent();
    const runs = items.flatMap((item) => ("str" in item && item.str.trim() !== "" ? [item] : []));
    const atOf = (text: string) => runs.find(({ str }) => str.includes(text))?.transform[4] as number | undefined;
    const [visitors, country, twelve] = ["الزوار", "Germany", "١٢"].map(atOf);
    expect(visitors).toBeGreaterThan(country!);
    expect(country).toBeGreaterThan(twelve!);
    const text = runs.map(({ str }) => bare(str)).join("");
    for (const word of ["لاألمانيافي", "پشتوگچیہے"]) expect(text).toContain(word);
  });

  it("has letters below marks for which their font has no place", async () => {
    const [page] = await pagesOf(
      aReport([aPart("p", "P", [{ kind: "paragraph", text: "\u06CB\u0657\u06E5\u0606\u06ED" }])]),
    );
    expect(page).toContain("\u06CB");
  });

  it("ends lines of Thai between words", async () => {
    const words = ["ผู้", "เข้า", "ชม", "เพิ่ม", "ขึ้น", "มาก"];
    const text = Array(20).fill(words.join("")).join("");
    const pdf = await openPdf(aReport([aPart("p", "P", [{ kind: "paragraph", text }])]));
    const { items } = await (await pdf.getPage(1)).getTextContent();
    const heights = new Map<number, string>();
    for (const item of items) {
      if (!("str" in item) || !/\p{Script=Thai}/u.test(item.str)) continue;
      const height = Math.round((item.transform[5] as number) / 10);
      heights.set(height, (heights.get(height) ?? "") + item.str);
    }
    const lines = [...heights.values()];
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("").split(words[0]!)).toHaveLength(1 + 20);
    for (const line of lines) expect(words.some((word) => line.startsWith(word))).toBe(true);
  });

  it("repeats a table's heads on each page, numbers its pages, and begins one where a part says so", async () => {
    const rows = Array.from({ length: 150 }, (_, place) => [t(`page ${place}`), n(place * 1001)]);
    const columns = [
      { label: "Where", type: "text" as const },
      { label: "Visitors", type: "number" as const },
    ];
    const long = aPart("a", "Pages", [{ kind: "table", columns, rows, more: 7 }], { path: null });
    const next = aPart("b", "Afterwards", [{ kind: "paragraph", text: "the end" }], { breaksPage: true });
    const pages = await pagesOf(aReport([long, next]));
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages.slice(0, -1)) expect(page).toContain("WhereVisitors");
    for (const [place, page] of pages.entries()) expect(page).toContain(`${place + 1}of${pages.length}`);
    expect(pages.at(-1)).toContain("Afterwards");
    expect(pages.at(-1)).not.toContain("WhereVisitors");
    const text = pages.join("");
    expect(rows.filter((row) => row.some((cell) => !text.includes(bare(cell.text))))).toEqual([]);
    expect(text).toContain("and7more");
  });

  it("goes on with a cell that is longer than a page on the next one", async () => {
    const words = Array.from({ length: 1500 }, (_, place) => `word${place}`).join(" ");
    const columns = [{ label: "x".repeat(3000), type: "text" as const }];
    const pages = await pagesOf(aReport([aPart("p", "P", [{ kind: "table", columns, rows: [[t(words)]], more: 0 }])]));
    expect(pages.length).toBeGreaterThan(1);
    const text = pages.join("");
    expect(words.split(" ").filter((word) => !text.includes(word))).toEqual([]);
  });

  it("holds a letter as text, also after a report in which it was part of another", async () => {
    await pagesOf(aReport([], { title: "ÝÑ" }));
    expect((await pagesOf(aReport([], { title: "YN" })))[0]).toContain("YN");
  });

  it("leads to the views behind, on the dashboard alone", async () => {
    const list: ReportBlock = {
      kind: "list",
      items: [
        { text: "known", tone: "better", link: "/sites/s/explore?a=b" },
        { text: "odd", tone: "worse", link: "javascript:alert(1)" },
      ],
    };
    const pdf = await openPdf(aReport([aPart("p", "Part", [list])]));
    const links = await (await pdf.getPage(1)).getAnnotations();
    const urls = links.map(({ url, unsafeUrl }: { url?: string; unsafeUrl?: string }) => url ?? unsafeUrl);
    expect(urls).toEqual(["https://stats.example.com/sites/site-1/p", "https://stats.example.com/sites/s/explore?a=b"]);
  });

  it("is written without a logo where that is no picture", async () => {
    const broken = ["data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,AAAA"];
    for (const logo of broken) {
      const pages = await pagesOf(aReport([], { brand: { colour: "#067647", logo } }));
      expect(pages).toHaveLength(1);
    }
  });
});

/** Letters and marks of scripts that fonts shape, in orders that no language has. */
const shaped = fc.oneof(
  ...[
    [0x600, 0x6ff],
    [0x900, 0x97f],
    [0xe01, 0xe5b],
  ].map(([min, max]) => fc.integer({ min: min!, max: max! }).map((code) => String.fromCodePoint(code))),
);
const oddText = fc.oneof(
  fc.string({ unit: shaped, maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom("=1+1", "👩‍👩‍👧", "\ud800", "a\u0000b", "x".repeat(300), "שלום (abc) 12%", "'", "\t\r\n"),
);
const oddCell: fc.Arbitrary<Shown> = fc.record({
  value: fc.oneof(oddText, fc.integer(), fc.double(), fc.constant(null)),
  text: oddText,
});
const oddTable = fc.integer({ min: 0, max: 14 }).chain((width) =>
  fc.record({
    kind: fc.constant("table" as const),
    columns: fc.array(fc.record({ label: oddText, type: fc.constantFrom("text" as const, "number" as const) }), {
      minLength: width,
      maxLength: width,
    }),
    rows: fc.array(fc.array(oddCell, { minLength: width, maxLength: width }), { maxLength: 6 }),
    more: fc.nat(5),
  }),
);

describe("any report", () => {
  it("is written in every format, and what is plain in its cells is found in its pages", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(oddTable, { maxLength: 2 }), oddText, async (tables, title) => {
        const document = aReport([aPart("p", title, tables)], { title });
        for (const name of ["xlsx", "csv", "parquet"] as const) await bytesOf(name, document);
        const text = (await pagesOf(document)).join("");
        const cells = tables.flatMap(({ rows }) => rows.flat()).map((cell) => cell.text);
        const plain = cells.filter((one) => /^[\u0020-\u007e]*$/.test(one));
        expect(plain.filter((one) => !text.includes(bare(one)))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("files of numbers", () => {
  it("in Excel have a sheet for each table, with the very numbers", async () => {
    const document = weekly();
    const book = read(await bytesOf("xlsx", document));
    const tables = tablesOf(document);
    expect(book.SheetNames).toHaveLength(1 + tables.length);
    const sheets = book.SheetNames.slice(1).map((name) =>
      utils.sheet_to_json<unknown[]>(book.Sheets[name]!, { header: 1 }),
    );
    const found = sheets.flatMap(([, ...rows]) => rows.flat().filter((cell) => typeof cell === "number"));
    expect(found).toEqual(numbersOf(document));
    expect(sheets[0]?.[1]).toEqual(["Visitors", 18_432, 16_105, "+14.4 %"]);
    const first = utils.sheet_to_csv(book.Sheets.Report!);
    expect(first).toContain("Germany explains 62 % of it");
    expect(first).toContain("Europe/Oslo");
  });

  it("in CSV and Parquet have them too", async () => {
    const document = weekly();
    const csv = new TextDecoder().decode(await bytesOf("csv", document));
    const lines: string[][] = parse(csv, { relax_column_count: true, comment: "#", comment_no_infix: true });
    const inCsv = lines
      .flat()
      .filter((cell) => cell !== "" && Number.isFinite(Number(cell)))
      .map(Number);
    expect(inCsv).toEqual(numbersOf(document));
    const file = (await bytesOf("parquet", document)).slice().buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ value }) => value).filter((value) => typeof value === "number")).toEqual(numbersOf(document));
    expect(rows).toContainEqual(
      expect.objectContaining({
        section: "overview",
        kind: "figures",
        row: 0,
        column: "Now",
        value: 18_432,
        text: "18,432",
      }),
    );
  });

  it("take nothing for a formula", async () => {
    const columns = [{ label: "=A1", type: "text" as const }];
    const document = aReport([aPart("p", "@x", [{ kind: "table", columns, rows: [[t("=1+1")]], more: 0 }])]);
    const csv = new TextDecoder().decode(await bytesOf("csv", document));
    expect(csv.split("\r\n").filter((line) => /^"?[=+\-@]/.test(line))).toEqual([]);
    const book = read(await bytesOf("xlsx", document), { cellFormula: true });
    expect(book.Sheets[book.SheetNames[1]!]?.A2).toMatchObject({ t: "s", v: "=1+1" });
  });

  it("name each sheet as Excel allows, and each otherwise", () => {
    const taken = new Set<string>();
    const names = ["History", "a/b", "A/B", "'x'", "", "y".repeat(40), "y".repeat(50)].map((one) =>
      sheetName(one, taken),
    );
    expect(names).toEqual(["History 2", "a b", "A B 2", "x", "Table", "y".repeat(31), `${"y".repeat(29)} 2`]);
  });
});
