import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../workers/domain/history.ts";
import { readExport } from "../../../workers/history/read-export.ts";
import { zipOf } from "../../support/plausible-export.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const VISITORS = "imported_visitors_20240101_20240102.csv";
const NOW = Date.parse("2026-11-27T12:00:00Z");
const HEADER = "date,visitors,pageviews,bounces,visits,visit_duration";

function readOf(text: string | Uint8Array, name: string) {
  const read = readExport(typeof text === "string" ? bytes(text) : text, name, NOW);
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read;
}

function errorsOf(text: string | Uint8Array, name: string) {
  const read = readExport(typeof text === "string" ? bytes(text) : text, name, NOW);
  return "errors" in read ? read.errors : [];
}

/** Rows of a panel by day. */
function rowsOf(text: string | Uint8Array, name: string, panel: string): Record<string, readonly HistoryRow[]> {
  const days = [...readOf(text, name).days()].filter((day) => day.panel === panel);
  return Object.fromEntries(days.map(({ date, rows }) => [date, rows]));
}

describe("Plausible's export", () => {
  it("is read from its zip, whatever folder the files lie in", () => {
    const zip = zipOf({ [`export/${VISITORS}`]: `${HEADER}\n2024-01-01,3,7,1,4,90\n2024-01-02,1,1,1,1,0\n` });
    expect(readOf(zip, "x.zip").content).toMatchObject({
      tool: "plausible",
      from: "2024-01-01",
      to: "2024-01-02",
      totals: { visitors: 4, visits: 5, pageviews: 8, bounces: 2, duration: 90_000, events: null },
    });
  });

  it("adds up what has one value in our dimension: versions of a browser, referrers of a source", () => {
    const text = `date,browser,browser_version,visitors,visits,visit_duration,bounces,pageviews
2024-01-01,Chrome,120.0,2,3,10,1,5
2024-01-01,Chrome,121.0,1,1,0,1,1
`;
    const name = "imported_browsers.csv";
    expect(rowsOf(text, name, "visit:browser")).toEqual({ "2024-01-01": [["Chrome", 3, 4, 6, 2, 10_000, 0]] });
    expect(rowsOf(text, name, "visit:browser_version")["2024-01-01"]).toHaveLength(2);
  });

  it("does not take a page's views for those of the visits that began there", () => {
    const text = "date,entry_page,visitors,entrances,visit_duration,bounces,pageviews\n2024-01-01,/,2,3,10,1,50\n";
    const { panels } = readOf(text, "imported_entry_pages.csv").content;
    expect(panels[0]).toEqual({
      panel: "visit:entry_page",
      measures: ["visitors", "visits", "bounces", "duration"],
      rows: 1,
    });
  });

  it("takes values with commas, quotes and line ends, and still knows the lines after them", () => {
    const text = `date,name,link_url,path,visitors,events\n2024-01-01,"a, ""b""\nc",,,1,2\n2024-01-02,d,,,1,many\n`;
    expect(errorsOf(text, "imported_custom_events.csv")).toEqual([
      { path: "imported_custom_events.csv:4:events", message: expect.stringContaining("“many” is not a count") },
    ]);
    const good = text.replace("many", "2");
    expect(rowsOf(good, "imported_custom_events.csv", "event:name")["2024-01-01"]![0]![0]).toBe('a, "b"\nc');
  });

  it.each([
    ["2024-02-30,1,1,1,1,1", "date", "not a date"],
    ["28.03.2024,1,1,1,1,1", "date", "write it as 2024-03-28"],
    ["2024-01-01,-1,1,1,1,1", "visitors", "is not a count"],
    ["2024-01-01,1,1e99x,1,1,1", "pageviews", "is not a count"],
  ])("refuses %s, naming file, line and column", (line, column, message) => {
    expect(errorsOf(`${HEADER}\n2024-01-01,1,1,1,1,1\n${line}\n`, VISITORS)).toEqual([
      { path: `${VISITORS}:3:${column}`, message: expect.stringContaining(message) },
    ]);
  });

  it("leaves out days that have not come and lines that stand twice, and counts both", () => {
    const day = "2024-01-01,3,7,1,4,90";
    const text = [HEADER, day, "2026-11-28,1,1,1,1,1", "2026-11-29,1,1,1,1,1", day, "2099-01-01,1,1,1,1,1", day];
    const zip = zipOf({
      [VISITORS]: `${text.join("\n")}\n`,
      [VISITORS.replace("0101", "0103")]: `${HEADER}\n${day}\n`,
    });
    const { content } = readOf(zip, "x.zip");
    // In Auckland and on Kiritimati the 28th has begun.
    expect(content).toMatchObject({ from: "2024-01-01", to: "2026-11-28", totals: { visitors: 4, visits: 5 } });
    expect(content.notes).toEqual([
      `2 lines were left out, ${VISITORS}:4 first: the day has not come yet`,
      `3 lines were left out, ${VISITORS}:5 first: the same as an earlier line`,
    ]);
  });

  it("says which column is missing", () => {
    expect(errorsOf("day,visitors\n2024-01-01,1\n", VISITORS)).toEqual([
      { path: `${VISITORS}:1:date`, message: "the column is missing" },
    ]);
  });

  it("says what it leaves out", () => {
    const zip = zipOf({
      [VISITORS]: `${HEADER}\n2024-01-01,1,1,1,1,1\n`,
      "imported_moons.csv": "a\n",
      "notes.csv": "b\n",
    });
    expect(readOf(zip, "x.zip").content.notes).toEqual([
      "imported_moons.csv was left out: its kind is not known",
      "notes.csv was left out: it is not part of the export",
    ]);
  });
});

const GA4 = `# ----------------------------------------
# Free form 1
# Start date: 20240101
# End date: 20240102
# ----------------------------------------

Date,Session source,Sessions,Total users,Views,Bounce rate
20240101,google,3,2,7,0.5
20240101,(direct),1,1,1,1
20240102,google,2,2,2,0
,,6,4,10,
`;

describe("Google Analytics' reports", () => {
  it("are read from the CSV of an exploration by day; its line of sums is none of a day", () => {
    expect(rowsOf(GA4, "x.csv", "visit:source")).toEqual({
      "2024-01-01": [
        ["google", 2, 3, 7, 0, 0, 0],
        ["", 1, 1, 1, 0, 0, 0],
      ],
      "2024-01-02": [["google", 2, 2, 2, 0, 0, 0]],
    });
  });

  it("give whole days, without visitors, where there is no report of them", () => {
    const { totals, notes } = readOf(GA4, "x.csv").content;
    expect(totals).toMatchObject({ visits: 6, pageviews: 10, visitors: null });
    expect(notes).toEqual(
      expect.arrayContaining(["x.csv: left out Bounce rate", expect.stringContaining("without visitors")]),
    );
  });

  it("are read from numbered days", () => {
    const text = "# ---\n# Start date: 20240131\n# End date: 20240201\nNth day,Active users\n0000,5\n0001,6\n";
    expect(rowsOf(text, "x.csv", "total")).toMatchObject({
      "2024-01-31": [["", 5, 0, 0, 0, 0, 0]],
      "2024-02-01": [["", 6, 0, 0, 0, 0, 0]],
    });
  });

  it("are read from the Data API, one report or several", () => {
    const report = (dimensions: string[], metrics: string[], rows: string[][]) => ({
      dimensionHeaders: dimensions.map((name) => ({ name })),
      metricHeaders: metrics.map((name) => ({ name, type: "TYPE_INTEGER" })),
      rows: rows.map((cells) => ({
        dimensionValues: cells.slice(0, dimensions.length).map((value) => ({ value })),
        metricValues: cells.slice(dimensions.length).map((value) => ({ value })),
      })),
      rowCount: rows.length,
    });
    const days = report(
      ["date"],
      ["sessions", "totalUsers", "averageSessionDuration"],
      [["20240101", "4", "3", "2.5"]],
    );
    const places = report(["date", "country"], ["sessions"], [["20240101", "Germany", "4"]]);
    const text = JSON.stringify({ reports: [days, places] });
    expect(rowsOf(text, "x.json", "total")["2024-01-01"]).toEqual([["", 3, 4, 0, 0, 10_000, 0]]);
    expect(rowsOf(text, "x.json", "visit:country")["2024-01-01"]).toEqual([["DE", 0, 4, 0, 0, 0, 0]]);
    expect(rowsOf(JSON.stringify(days), "x.json", "total")).toHaveProperty("2024-01-01");
  });

  it("are read from an exploration as it is headed and summed today, and numbered by its own first day", () => {
    const head = (table: string) =>
      `# ----------------------------------------\n# Some shop\n# Free form-Free form 1\n# 20240101-20240102\n# ---\n\n${table}`;
    const pages = "Date,Page path + query string,Active users,Views,Bounce rate\n,,3,12,0.5,Grand total\n";
    const text = head(`${pages}20240101,/a?b=1,2,5,0\n20240101,/a,1,4,0\n20240102,/,1,3,1\n`);
    expect(rowsOf(text, "x.csv", "event:page")).toEqual({
      "2024-01-01": [["/a", 3, 0, 9, 0, 0, 0]],
      "2024-01-02": [["/", 1, 0, 3, 0, 0, 0]],
    });
    expect(rowsOf(head("Nth day,Sessions\n0001,6\n"), "x.csv", "total")).toHaveProperty("2024-01-02");
  });

  it("are read where a report has several tables; those without days are left out and named", () => {
    const text = `# ---\n# All Users\n# Start date: 20240101\n# End date: 20240102\n
Nth day,Sessions\n0000,4\n0001,6\n\nCountry ID,Active users\nUS,10\n\nCity,Active users\nParis,3\n`;
    const { content } = readOf(text, "x.csv");
    expect(content).toMatchObject({ from: "2024-01-01", to: "2024-01-02", totals: { visits: 10 } });
    expect(content.notes).toContain("x.csv: left out tables without days, Country ID, City");
  });

  it("say when a reply of the Data API is one page of several", () => {
    const rows = [{ dimensionValues: [{ value: "20240101" }], metricValues: [{ value: "4" }] }];
    const reply = {
      dimensionHeaders: [{ name: "date" }],
      metricHeaders: [{ name: "sessions" }],
      rows,
      rowCount: 12_000,
    };
    expect(readOf(JSON.stringify(reply), "x.json").content.notes).toContain(
      "x.json: a reply holds 1 of 12000 rows; ask for the others with offset",
    );
  });

  it("are refused without a day, saying what to add", () => {
    expect(errorsOf("# ---\nPage path and screen class,Views\n/,5\n", "x.csv")).toEqual([
      { path: "x.csv:2", message: expect.stringContaining("add the dimension Date") },
    ]);
  });
});

describe("a file", () => {
  it("that is no export is refused with what would be one", () => {
    expect(errorsOf("hello", "x.txt")[0]!.message).toContain("Plausible's export");
    expect(errorsOf("", "x.csv")).toHaveLength(1);
    expect(errorsOf(new Uint8Array([0x50, 0x4b, 3, 4, 1]), "x.zip")[0]!.message).toContain("broken");
    expect(errorsOf(new Uint8Array([0xff, 0xfe, 0x41]), VISITORS)[0]!.message).toContain("not UTF-8");
  });

  it("of events is sent to where events are imported", () => {
    const header = "website_id,session_id,visit_id,event_id,hostname\n";
    expect(errorsOf(zipOf({ "website_event.csv": header }), "x.zip")[0]!.message).toContain("npx edgewise replay");
  });

  it("that unpacks to more than a Worker holds is refused before it is unpacked", () => {
    const zip = zipOf({ [VISITORS]: " ".repeat(50 * 2 ** 20) });
    expect(zip.length).toBeLessThan(2 ** 20);
    expect(errorsOf(zip, "x.zip")[0]!.message).toContain("over 48 MB");
  });
});
