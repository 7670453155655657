import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../workers/domain/history.ts";
import { readExport } from "../../../workers/history/read-export.ts";
import { zipOf } from "../../support/plausible-export.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const NOW = Date.UTC(2026, 10, 27, 12);
const VISITORS = "imported_visitors_20240101_20240102.csv";
const HEADER = "date,visitors,pageviews,bounces,visits,visit_duration";

function readOf(text: string | Uint8Array, name: string) {
  const read = readExport(typeof text === "string" ? bytes(text) : text, { name, now: NOW });
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read;
}

function errorsOf(text: string | Uint8Array, name: string) {
  const read = readExport(typeof text === "string" ? bytes(text) : text, { name, now: NOW });
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

  it("counts a line that is there twice once, adds up other counts of the same, and says so of each file", () => {
    const pages =
      "date,page,visitors,visits,pageviews\n2024-01-01,/a,1,1,2\n2024-01-01,/b,1,1,1\n2024-01-01,/a,1,1,2\n";
    const zip = zipOf({
      [VISITORS]: `${HEADER}\n2024-01-01,3,7,1,4,90\n2024-01-01,1,1,1,1,0\n`,
      "imported_pages_20240101_20240102.csv": pages,
    });
    expect(rowsOf(zip, "x.zip", "event:page")["2024-01-01"]).toEqual([
      ["/a", 1, 1, 2, 0, 0, 0],
      ["/b", 1, 1, 1, 0, 0, 0],
    ]);
    const { totals, notes } = readOf(zip, "x.zip").content;
    expect(totals).toMatchObject({ visitors: 4, pageviews: 8 });
    expect(notes.sort()).toEqual([
      "imported_pages_20240101_20240102.csv: 1 line the same as another, counted once",
      `${VISITORS}: 1 line of a day and value that another line tells of, added up`,
    ]);
  });

  it("is refused with a day that is still to come, and taken with the day that has begun furthest east", () => {
    const days = (last: string) => `${HEADER}\n2024-01-01,3,7,1,4,90\n${last},1,1,1,1,0\n`;
    expect(errorsOf(days("2099-01-01"), VISITORS)).toEqual([
      { path: `${VISITORS}:3:date`, message: "2099-01-01 is still to come: history is of days that are over" },
    ]);
    expect(errorsOf(days("2026-11-29"), VISITORS)).toHaveLength(1);
    expect(errorsOf(days("2026-11-28"), VISITORS)).toEqual([]);
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
    expect(errorsOf(zipOf({ "website_event.csv": header }), "x.zip")[0]!.message).toContain("npm run replay");
  });

  it("that unpacks to more than a Worker holds is refused before it is unpacked", () => {
    const zip = zipOf({ [VISITORS]: " ".repeat(50 * 2 ** 20) });
    expect(zip.length).toBeLessThan(2 ** 20);
    expect(errorsOf(zip, "x.zip")[0]!.message).toContain("over 48 MB");
  });
});
