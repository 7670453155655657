// Plausible's export: a zip of `imported_<what>_<first>_<last>.csv`, or one of these files.
import type { HistoryMeasure } from "../../domain/history.ts";
import type { HistoryFormat } from "../format.ts";
import { type Columns, eachLine, isDate, lineTaker } from "../table.ts";

interface Kind {
  /** Column by panel; none is of whole days. */
  panels: Readonly<Record<string, string>>;
  /** Column by measure. */
  measures: Partial<Record<HistoryMeasure, string>>;
}

const OF_VISITS = { visitors: "visitors", visits: "visits", pageviews: "pageviews", bounces: "bounces" } as const;
const VISITS = { ...OF_VISITS, duration: "visit_duration" } as const;

const KINDS: Readonly<Record<string, Kind>> = {
  visitors: { panels: {}, measures: VISITS },
  sources: {
    panels: {
      "visit:source": "source",
      "visit:referrer": "referrer",
      "visit:utm_source": "utm_source",
      "visit:utm_medium": "utm_medium",
      "visit:utm_campaign": "utm_campaign",
      "visit:utm_content": "utm_content",
      "visit:utm_term": "utm_term",
    },
    measures: VISITS,
  },
  pages: {
    panels: { "event:page": "page" },
    measures: { visitors: "visitors", visits: "visits", pageviews: "pageviews" },
  },
  // Their page views are those of the page by whomever, and not of the visits.
  entry_pages: {
    panels: { "visit:entry_page": "entry_page" },
    measures: { visitors: "visitors", visits: "entrances", bounces: "bounces", duration: "visit_duration" },
  },
  exit_pages: { panels: { "visit:exit_page": "exit_page" }, measures: { visitors: "visitors", visits: "exits" } },
  locations: { panels: { "visit:country": "country", "visit:region": "region" }, measures: VISITS },
  devices: { panels: { "visit:device": "device" }, measures: VISITS },
  browsers: { panels: { "visit:browser": "browser", "visit:browser_version": "browser_version" }, measures: VISITS },
  operating_systems: {
    panels: { "visit:os": "operating_system", "visit:os_version": "operating_system_version" },
    measures: VISITS,
  },
  custom_events: { panels: { "event:name": "name" }, measures: { visitors: "visitors", events: "events" } },
};

const kindOf = (name: string): string | null => /^imported_([a-z_]+?)(?:_\d{8}_\d{8})?\.csv$/.exec(name)?.[1] ?? null;

const read = (cell: string) =>
  isDate(cell) ? { date: cell } : `“${cell.slice(0, 40)}” is not a date: write it as 2024-03-28`;

function columnsOf(file: string, kind: Kind, header: readonly string[]): Columns {
  const has = (column: string) => header.includes(column);
  const panels = Object.entries(kind.panels).map(([panel, column]) => ({ panel, column }));
  const measures = Object.entries(kind.measures).map(([measure, column]) => ({
    measure: measure as HistoryMeasure, // a key of Kind's measures
    column,
    ...(measure === "duration" && { read: (seconds: number) => seconds * 1000 }),
  }));
  return {
    file,
    header,
    date: { column: "date", read },
    panels: panels.filter(({ column }) => has(column)),
    measures: measures.filter(({ column }) => has(column)),
  };
}

export const plausible: HistoryFormat = {
  tool: "plausible",
  about: "Plausible's export of a site: the zip file, or one of the CSV files in it",
  fits: ({ name }) => kindOf(name) !== null,
  read({ name, text }, into, errors) {
    const kind = KINDS[kindOf(name) ?? ""];
    if (!kind) {
      into.notes.add(`${name} was left out: its kind is not known`);
      return;
    }
    let take: ((line: { line: number; cells: string[] }) => void) | null = null;
    eachLine(text, (line) => {
      if (take) return take(line);
      const columns = columnsOf(name, kind, line.cells);
      const needed = ["date", ...Object.values(kind.panels).slice(0, 1), "visitors"];
      const missing = needed.filter((column) => !line.cells.includes(column));
      for (const column of missing) errors.push({ path: `${name}:1:${column}`, message: "the column is missing" });
      take = missing.length > 0 ? () => {} : lineTaker(columns, into, errors);
    });
    if (kind.panels["visit:country"]) into.notes.add("cities were left out: the file has only their numbers");
    if (kind.panels["event:name"]) into.notes.add("links and paths of custom events were left out");
  },
};
