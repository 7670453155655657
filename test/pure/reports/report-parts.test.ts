// The pure parts of reports: text, gaps, imported figures, shapes of analyses, HTML for mail.
import { describe, expect, it } from "vitest";
import type { ReportBlock, ReportDocument } from "../../../workers/domain/report-document.ts";
import { retentionBlocks } from "../../../workers/reports/analysis-blocks.ts";
import { htmlOf } from "../../../workers/reports/formats/html.ts";
import { heldAgainst } from "../../../workers/reports/held-against.ts";
import { changeTone } from "../../../workers/reports/metric-told.ts";
import { textOf } from "../../../workers/reports/plain-text.ts";
import { newestFigures, readBenchmarks } from "../../../workers/reports/read-benchmarks.ts";
import { textBlocks } from "../../../workers/reports/text-blocks.ts";

it("text becomes paragraphs and lists, without marks", () => {
  expect(textBlocks("# Head\nOne\ntwo **bold**\n\n- a\n- [b](https://b.example)")).toEqual([
    { kind: "paragraph", text: "Head" },
    { kind: "paragraph", text: "One two bold" },
    {
      kind: "list",
      items: [
        { text: "a", tone: "neither", link: null },
        { text: "b (https://b.example)", tone: "neither", link: null },
      ],
    },
  ]);
});

it.each([
  ["worse than usual where less is worse", 80, 100, "count", "higher", -20, /^Worse than usual/],
  ["better where less is better", 40, 50, "percent", "lower", -10, /^Better than usual/],
  ["alike within a tenth", 95, 100, "count", "higher", -5, /^In line/],
  ["alike within two points", 51, 50, "percent", "lower", 1, /^In line/],
  ["nothing from zero", 5, 0, "count", "higher", null, /^Nothing to reckon/],
] as const)("a gap is %s", (_, value, other, unit, better, gap, advice) => {
  const told = heldAgainst(value, { kind: "own", against: "", value: other }, { unit, better });
  expect(told.gap.value).toBe(gap);
  expect(told.advice).toMatch(advice);
});

describe("imported figures", () => {
  const head = "metric,value,source,date";
  it("are read in any order of columns", () => {
    const { figures, errors } = readBenchmarks('date,source,metric,value\r\n2026-01-01,"A, B",visitors,12.5\r\n', []);
    expect({ figures, errors }).toEqual({
      figures: [{ metric: "visitors", value: 12.5, source: "A, B", date: "2026-01-01" }],
      errors: [],
    });
  });
  it.each([
    ["csv", "metric,value\nvisitors,1"],
    ["csv", head],
    ["csv.2.metric", `${head}\njoy,1,A,2026-01-01`],
    ["csv.3.value", `${head}\nvisitors,1,A,2026-01-01\nvisitors,40%,A,2026-01-01`],
    ["csv.2.source", `${head}\nvisitors,1,,2026-01-01`],
    ["csv.2.date", `${head}\nvisitors,1,A,2026-02-30`],
  ])("say what is wrong at %s", (path, csv) => {
    expect(readBenchmarks(csv, []).errors.map((error) => error.path)).toEqual([path]);
  });
  it("of each source the newest counts, and none of after the report", () => {
    const of = (value: number, date: string) => ({ metric: "visitors", source: "A", value, date });
    const all = [of(1, "2025-01-01"), of(2, "2026-01-01"), of(3, "2027-01-01")];
    expect(newestFigures(all, "2026-06-01")).toEqual([of(2, "2026-01-01")]);
  });
});

it("retention is a grid of percentages with the shares that colour them", () => {
  const [grid] = retentionBlocks(
    {
      ...{ granularity: "week", kind: "bounded", by: "user", left_out: 0 },
      cohorts: [
        { cohort: "2026-05-04", size: 10, returned: [10, 4] },
        { cohort: "2026-05-11", size: 5, returned: [5] },
      ],
      overall: [
        { returned: 15, of: 15 },
        { returned: 4, of: 10 },
      ],
    },
    10,
  );
  expect(grid).toMatchObject({
    kind: "grid",
    rows: [
      { shares: [null, 1, 0.4] },
      { cells: [{ value: "2026-05-04" }, { value: 10 }, { value: 100 }, { value: 40 }], shares: [null, 1, 0.4] },
      { cells: [{ value: "2026-05-11" }, { value: 5 }, { value: 100 }, { value: null }], shares: [null, 1, null] },
    ],
  });
});

describe("a document as mail", () => {
  const shown = (value: number) => ({ value, text: String(value) });
  const document: ReportDocument = {
    ...{
      title: "Weekly & more",
      site: { id: "s", name: "Site" },
      comparedWith: null,
      madeAt: 0,
      origin: "https://e.example",
    },
    period: { label: "May", from: "", to: "", timeZone: "UTC" },
    brand: { colour: "#3056d3", logo: "data:image/png;base64,AAAA" },
    parts: [
      {
        ...{ id: "a", title: "Days", path: "/sites/s", breaksPage: false },
        blocks: [
          {
            kind: "picture",
            picture: {
              title: "Visitors",
              series: [{ label: "Visitors", values: [3, 9], as: "bars" }],
              start: 0,
              step: 1,
              timeZone: "UTC",
            },
            columns: [
              { label: "Day", type: "text" },
              { label: "Visitors", type: "number" },
            ],
            rows: [
              [{ value: "a", text: "1 May" }, shown(3)],
              [{ value: "b", text: "2 May" }, shown(9)],
            ],
          },
        ],
      },
    ],
  };
  it("has no picture that a client would have to show or fetch, and its extremes in words", () => {
    const mail = htmlOf(document, { forMail: true, unsubscribe: "https://e.example/u" });
    expect(mail).not.toContain("<img");
    expect(mail).toContain("Highest 9 (2 May), lowest 3 (1 May).");
    expect(mail).toContain("Weekly &amp; more");
    expect(mail).toContain('href="https://e.example/u"');
  });
  const withBlock = (block: ReportBlock): ReportDocument => ({
    ...document,
    parts: [{ id: "a", title: "Days", path: null, breaksPage: false, blocks: [block] }],
  });
  const names = ["Page", "Views", "Visits", "Visitors", "Bounces"];
  const wide = withBlock({
    kind: "table",
    columns: names.map((label, place) => ({ label, type: place === 0 ? "text" : "number" })),
    rows: [[{ value: "/a", text: "/a" }, shown(11), shown(12), shown(13), shown(14)]],
    more: 1,
  });
  it("has a table that is wider than a phone one number beside the other, all of them", () => {
    const mail = htmlOf(wide, { forMail: true });
    expect(mail).not.toContain("<th");
    for (const [place, name] of names.slice(1).entries())
      expect(mail).toMatch(new RegExp(`>${name}</span>.{1,10}${11 + place}`));
    expect(mail).toContain("1 more is not shown.");
    expect(htmlOf(wide)).toContain("<th");
  });
  it("has a grid that is wider than a phone in bands, each with the names of its rows, whole in all", () => {
    const columns = Array.from({ length: 10 }, (_, place) => ({
      label: `c${place}`,
      type: place === 0 ? ("text" as const) : ("number" as const),
    }));
    const cells = columns.map((__, place) => (place === 0 ? { value: "row", text: "row" } : shown(100 + place)));
    const grid = withBlock({ kind: "grid", columns, rows: [{ cells, shares: columns.slice(1).map(() => 0.5) }] });
    const heads = (html: string) => [...html.matchAll(/<th[^>]*>(\w+)</g)].map(([, label]) => label);
    expect(heads(htmlOf(grid, { forMail: true }))).toEqual([
      ...["c0", "c1", "c2", "c3", "c4", "c5", "c6"],
      ...["c0", "c7", "c8", "c9"],
    ]);
    expect(heads(htmlOf(grid))).toEqual(columns.map(({ label }) => label));
    const told = [...htmlOf(grid, { forMail: true }).matchAll(/>(1\d\d)</g)].map(([, number]) => number);
    expect(told).toEqual(cells.slice(1).map(({ text }) => text));
  });
  it("is read in the dark, as a mail alone: a page of its own is looked at in a light frame", () => {
    expect(htmlOf(document, { forMail: true })).toContain("@media (prefers-color-scheme:dark)");
    expect(htmlOf(document)).not.toContain("prefers-color-scheme");
  });
  it("says of days without anything that there were none, and of unknown ones nothing", () => {
    const days = (values: (number | null)[]) => {
      const [block] = document.parts[0]!.blocks;
      if (block?.kind !== "picture") throw new Error("no picture");
      const series = [{ label: "Visitors", values, as: "bars" as const }];
      const rows = values.map((value, place) => [
        { value: `${place}`, text: `${place}` },
        { value, text: `${value}` },
      ]);
      return htmlOf(withBlock({ ...block, picture: { ...block.picture, series }, rows }), { forMail: true });
    };
    expect(days([0, 0])).toContain("None in this period.");
    expect(days([null, null])).toContain("Nothing is known of this period.");
    expect(days([0, -5])).not.toContain("None in this period.");
  });
  it("names a chart once, where its part has the chart's name", () => {
    const [part] = document.parts;
    const same = { ...document, parts: [{ ...part!, title: "Visitors" }] };
    expect(htmlOf(same, { forMail: true }).match(/>Visitors</g)).toHaveLength(1);
    expect(textOf(same).match(/^Visitors$/gim)).toEqual(["VISITORS"]);
    expect(textOf(document)).toContain("DAYS\n\nVisitors\nDay | Visitors");
  });
  it("calls no change better or worse that reads as none, and holds nothing against what is not known", () => {
    expect(changeTone(0.04, { unit: "percent", better: "lower" })).toBe("neither");
    expect(changeTone(0.06, { unit: "percent", better: "lower" })).toBe("worse");
    const unknown = { value: null, text: "–" };
    const figure = {
      label: "Errors",
      now: unknown,
      before: unknown,
      change: null,
      tone: "neither" as const,
      target: null,
    };
    const told = withBlock({ kind: "figures", figures: [figure] });
    expect(htmlOf(told, { forMail: true })).not.toContain("from –");
    expect(textOf(told)).toContain("Errors: –\n");
  });
  it("has its links where they are told to lead", () => {
    const linkTo = (path: string, part: string) => `https://e.example/r/${part}${path}`;
    expect(htmlOf(document, { forMail: true, linkTo })).toContain('href="https://e.example/r/a/sites/s"');
    expect(textOf(document, { linkTo })).toContain("https://e.example/r/a/sites/s");
  });
  it("has the very numbers as a page and as text", () => {
    expect(htmlOf(document)).toContain("data:image/svg+xml");
    expect(textOf(document)).toContain("1 May | 3\n2 May | 9");
  });
});
