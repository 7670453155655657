// Google Analytics 4: reports with a day in each row. Either the CSV of an exploration, or the JSON of the Data API
// (runReport, batchRunReports).
import type { FieldError } from "../../domain/errors.ts";
import type { HistoryMeasure } from "../../domain/history.ts";
import type { Gathering } from "../content.ts";
import type { ExportFile, HistoryFormat } from "../format.ts";
import { type CellOf, type Columns, eachLine, isDate, type Line, lineTaker } from "../table.ts";
import { apiTables, isReport } from "./ga4-json.ts";

const isNone = (text: string) => /^\(?(direct|none|not set|not provided)\)?$/i.test(text);
const plain = (text: string) => (isNone(text) ? "" : text);
const capital = (text: string) => plain(text).replace(/^./, (letter) => letter.toUpperCase());
const withoutQuery = (text: string) => plain(text).split(/[?#]/)[0] ?? "";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
let codes: Map<string, string> | undefined;

/** Reports call countries by their English names. */
function countryCode(name: string): string {
  codes ??= new Map(
    LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((code) => {
      const found = regions.of(code);
      return found ? [[found.toLowerCase(), code] as const] : [];
    }),
  );
  const text = plain(name);
  return /^[A-Z]{2}$/.test(text) ? text : (codes.get(text.toLowerCase()) ?? text);
}

interface Named {
  /** As the Data API and as reports call it. */
  names: readonly string[];
}

const PANELS: readonly (Named & { panel: string; read(cell: string): string })[] = [
  {
    panel: "event:page",
    names: [
      "pagePath",
      "pagePathPlusQueryString",
      "Page path",
      "Page path and screen class",
      "Page path + query string",
    ],
    read: withoutQuery,
  },
  {
    panel: "visit:entry_page",
    names: ["landingPage", "landingPagePlusQueryString", "Landing page", "Landing page + query string"],
    read: withoutQuery,
  },
  { panel: "visit:source", names: ["sessionSource", "Session source"], read: plain },
  { panel: "visit:utm_medium", names: ["sessionMedium", "Session medium"], read: plain },
  { panel: "visit:utm_campaign", names: ["sessionCampaignName", "Session campaign"], read: plain },
  { panel: "visit:country", names: ["countryId", "Country ID", "country", "Country"], read: countryCode },
  { panel: "visit:browser", names: ["browser", "Browser"], read: plain },
  { panel: "visit:os", names: ["operatingSystem", "Operating system"], read: plain },
  { panel: "visit:device", names: ["deviceCategory", "Device category", "Device"], read: capital },
  { panel: "event:name", names: ["eventName", "Event name"], read: plain },
];

const SESSIONS = ["sessions", "Sessions"];
const inAll = (seconds: number, cell: CellOf) => seconds * 1000 * Math.max(...SESSIONS.map(cell));

const MEASURES: readonly (Named & { measure: HistoryMeasure; read?(count: number, cell: CellOf): number })[] = [
  { measure: "visitors", names: ["totalUsers", "Total users", "activeUsers", "Active users", "Users"] },
  { measure: "visits", names: SESSIONS },
  { measure: "pageviews", names: ["screenPageViews", "Views"] },
  { measure: "events", names: ["eventCount", "Event count"] },
  { measure: "duration", names: ["averageSessionDuration", "Average session duration"], read: inAll },
];

const DATES = ["date", "Date"];
const NTH_DAYS = ["nthDay", "Nth day"];

function dateOf(cell: string): { date: string } | string | null {
  // The line of sums has no day.
  if (cell === "") return null;
  const date = cell.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
  return isDate(date) ? { date } : `“${cell.slice(0, 40)}” is not a date: write it as 20240328`;
}

const nthDayOf = (start: string) => (cell: string) => {
  if (cell === "") return null;
  if (!/^\d{1,5}$/.test(cell)) return `“${cell.slice(0, 40)}” is not the number of a day`;
  return { date: new Date(Date.parse(`${start}T00:00:00Z`) + Number(cell) * 86_400_000).toISOString().slice(0, 10) };
};

const found = (header: readonly string[], names: readonly string[]) => names.find((name) => header.includes(name));

/** Null when no row can be placed on a day. */
function columnsOf(file: string, header: readonly string[], start: string | null): Columns | null {
  const [date, nth] = [found(header, DATES), found(header, NTH_DAYS)];
  const day =
    date !== undefined
      ? { column: date, read: dateOf }
      : nth !== undefined && start !== null
        ? { column: nth, read: nthDayOf(start) }
        : null;
  if (!day) return null;
  const at = <Of extends Named>(all: readonly Of[]) =>
    all.flatMap(({ names, ...one }) => {
      const column = found(header, names);
      return column === undefined ? [] : [{ ...one, column }];
    });
  return { file, header, date: day, panels: at(PANELS), measures: at(MEASURES) };
}

const NO_DAY =
  "the report has no column for the day: add the dimension Date to it, and export it again (a report without days is one sum)";

function taker(columns: Columns, into: Gathering, errors: FieldError[]): (line: Line) => void {
  const known = [columns.date, ...columns.panels, ...columns.measures].map(({ column }) => column);
  const left = columns.header.filter((name) => name !== "" && !known.includes(name));
  if (left.length > 0) into.notes.add(`${columns.file}: left out ${left.join(", ")}`);
  if (columns.panels.length === 0 && columns.header.length - 1 > columns.measures.length + left.length) return () => {};
  if (columns.measures.length === 0) {
    errors.push({ path: `${columns.file}:1`, message: "no count is known: add Sessions, Total users or Views" });
    return () => {};
  }
  into.notes.add("users of days are added up: who came on two days is counted twice, as in the report by day");
  return lineTaker(columns, into, errors);
}

/** The first day, as reports and as explorations head it. */
const startOf = (comment: string): string | null => {
  const date = /^# (?:Start date: )?(\d{4})(\d{2})(\d{2})(?:-\d{8})?$/.exec(comment.trim());
  return date ? date.slice(1).join("-") : null;
};

/** Tables of a file have a line of comment or an empty one between them; those without days are left out beside one with. */
function readCsv({ name, text }: ExportFile, into: Gathering, errors: FieldError[]): void {
  let take: ((line: Line) => void) | null = null;
  let start: string | null = null;
  let dated = false;
  const undated: Line[] = [];
  const endTable = () => {
    take = null;
  };
  const takeLine = (line: Line) => {
    const [first = ""] = line.cells;
    if (first.startsWith("#")) {
      start = startOf(first) ?? start;
      return endTable();
    }
    if (take) return take(line);
    const columns = columnsOf(name, line.cells, start);
    if (columns) {
      dated = true;
      take = taker(columns, into, errors);
    } else if (
      found(
        line.cells,
        [...MEASURES, ...PANELS].flatMap(({ names }) => names),
      ) !== undefined
    ) {
      undated.push(line);
      take = () => {};
    }
  };
  eachLine(text, takeLine, endTable);
  const [first] = undated;
  if (!first) return;
  if (!dated) errors.push({ path: `${name}:${first.line}`, message: NO_DAY });
  else into.notes.add(`${name}: left out tables without days, ${undated.map(({ cells }) => cells[0]).join(", ")}`);
}

function readJson({ name, text }: ExportFile, into: Gathering, errors: FieldError[]): void {
  for (const { header, lines, rowCount } of apiTables(JSON.parse(text))) {
    if (rowCount > lines.length)
      into.notes.add(`${name}: a reply holds ${lines.length} of ${rowCount} rows; ask for the others with offset`);
    const columns = columnsOf(name, header, null);
    if (!columns) {
      errors.push({ path: name, message: NO_DAY });
      continue;
    }
    const take = taker(columns, into, errors);
    for (const line of lines) take(line);
  }
}

export const ga4: HistoryFormat = {
  tool: "ga4",
  about: "Google Analytics 4: the CSV of an exploration with the dimension Date, or the JSON of the Data API",
  fits: ({ name, text }) =>
    name.endsWith(".json") || text.trimStart().startsWith("{")
      ? isReport(text)
      : text.startsWith("# ---") || /^(Date|date|Nth day)[,;]/m.test(text.slice(0, 4000)),
  read: (file, into, errors) =>
    file.text.trimStart().startsWith("{") ? readJson(file, into, errors) : readCsv(file, into, errors),
};
