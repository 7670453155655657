// Files of a report, opened by readers of other makers: every number and text is the document's.
import { read, utils } from "@e965/xlsx";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { describe, expect, it } from "vitest";
import type { ReportBlock, ReportDocument, Shown } from "../../../workers/domain/report-document.ts";
import { tableOf } from "../../../workers/reports/formats/block-table.ts";
import { formats } from "../../../workers/reports/formats/index.ts";
import { sheetName } from "../../../workers/reports/formats/xlsx.ts";
import { aPart, aReport, fontPorts, n, t, weekly } from "../../support/report-document.ts";

async function bytesOf(name: keyof typeof formats, document: ReportDocument): Promise<Uint8Array> {
  const file = await formats[name].write(document, fontPorts);
  return typeof file === "string" ? new TextEncoder().encode(file) : file;
}

const openPdf = async (document: ReportDocument) =>
  getDocument({ data: (await bytesOf("pdf", document)).slice(), verbosity: 0 }).promise;

/** Each page's text, without blanks: lines end where there is room, not where words do. */
async function pagesOf(document: ReportDocument): Promise<string[]> {
  const pdf = await openPdf(document);
  const pages = Array.from({ length: pdf.numPages }, async (_, place) => {
    const { items } = await (await pdf.getPage(place + 1)).getTextContent();
    return bare(items.map((item) => ("str" in item ? item.str : "")).join(""));
  });
  return Promise.all(pages);
}

const bare = (text: string): string => text.normalize("NFC").replaceAll(/\s/g, "");

const tablesOf = ({ parts }: ReportDocument) =>
  parts.flatMap(({ blocks }) => blocks.flatMap((block) => tableOf(block) ?? []));
const numbersOf = (document: ReportDocument): number[] =>
  tablesOf(document).flatMap(({ rows }) =>
    rows.flatMap((row) => row.flatMap(({ value }) => (typeof value === "number" ? [value] : []))),
  );

describe("a PDF", () => {
  it("has every figure and cell of the report as text, in Latin, Greek, Cyrillic, Hebrew and Japanese", async () => {
    const document = weekly();
    const text = (await pagesOf(document)).join("");
    const shown = document.parts.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind !== "picture");
    const cells = shown.flatMap((block) => tableOf(block)?.rows.flat() ?? []).map(({ text: one }) => bare(one));
    const written = cells.filter((one) => !/[\p{Script=Arabic}\p{Script=Hangul}]|产品/u.test(one));
    expect(written.filter((one) => /[\p{Script=Hebrew}]/u.test(one))).toHaveLength(1);
    const missing = written.filter((one) => !/\p{Script=Hebrew}/u.test(one) && !text.includes(one));
    expect(missing).toEqual([]);
    for (const word of ["מספר", "המבקרים", "Οι", "посетителей", "lượng", "日本語"]) expect(text).toContain(word);
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

const oddText = fc.oneof(
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
