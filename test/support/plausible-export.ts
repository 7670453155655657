// Plausible's export, made of the sessions and events that its own system kept, as its code makes it.

import { parse } from "csv-parse/sync";
import { zipSync } from "fflate";
import { readFixture } from "./fixtures.ts";

type Row = Record<string, string>;

const CSV = { columns: true, relax_quotes: true } as const;
const fileOf = (name: string): Row[] => parse(readFixture(`web/plausible_io_2024-03_${name}.csv.gz`), CSV);

interface Sums {
  users: Set<string>;
  sessions: Set<string>;
  visits: number;
  bounces: number;
  duration: number;
  pageviews: number;
  events: number;
}

const none = (): Sums => ({
  users: new Set(),
  sessions: new Set(),
  visits: 0,
  bounces: 0,
  duration: 0,
  pageviews: 0,
  events: 0,
});

type Groups = Map<string, Sums>;

function groupsOf(rows: readonly Row[], keyOf: (row: Row) => string[], add: (sums: Sums, row: Row) => void): Groups {
  const groups: Groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const sums = groups.get(key) ?? none();
    groups.set(key, sums);
    add(sums, row);
  }
  return groups;
}

const addSession = (sums: Sums, row: Row) => {
  const sign = Number(row.sign);
  sums.users.add(row.user_id!);
  sums.visits += sign;
  sums.bounces += sign * Number(row.is_bounce);
  sums.duration += sign * Number(row.duration);
};
const addEvent = (sums: Sums, row: Row) => {
  sums.users.add(row.user_id!);
  sums.sessions.add(row.session_id!);
  sums.events++;
  if (row.name === "pageview") sums.pageviews++;
};

const dayOf = (text = "") => text.slice(0, 10);
const cell = (value: string | number) =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;

function csvOf(header: string[], rows: (string | number)[][]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

/** One file a kind: its columns beside the date, and where each is in a session and in an event. */
const OF_SESSIONS: Record<string, { columns: string[]; session: string[]; event: string[] }> = {
  visitors: { columns: [], session: [], event: [] },
  sources: {
    columns: ["source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"],
    session: ["referrer_source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"],
    event: ["referrer_source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"],
  },
  locations: {
    columns: ["country", "region", "city"],
    session: ["country_code", "subdivision1_code", "city_geoname_id"],
    event: ["country_code", "subdivision1_code", "city_geoname_id"],
  },
  devices: { columns: ["device"], session: ["screen_size"], event: ["screen_size"] },
  browsers: {
    columns: ["browser", "browser_version"],
    session: ["browser", "browser_version"],
    event: ["browser", "browser_version"],
  },
  operating_systems: {
    columns: ["operating_system", "operating_system_version"],
    session: ["operating_system", "operating_system_version"],
    event: ["operating_system", "operating_system_version"],
  },
};

function sessionFiles(sessions: readonly Row[], events: readonly Row[]): [string, string][] {
  return Object.entries(OF_SESSIONS).map(([kind, { columns, session, event }]) => {
    const visits = groupsOf(sessions, (row) => [dayOf(row.start), ...session.map((name) => row[name]!)], addSession);
    const views = groupsOf(events, (row) => [dayOf(row.timestamp), ...event.map((name) => row[name]!)], addEvent);
    const rows = [...visits].map(([key, { users, visits: count, bounces, duration }]) => {
      const pageviews = views.get(key)?.pageviews ?? 0;
      return [...(JSON.parse(key) as string[]), pageviews, users.size, count, duration, bounces]; // made above
    });
    return [kind, csvOf(["date", ...columns, "pageviews", "visitors", "visits", "visit_duration", "bounces"], rows)];
  });
}

function pageFiles(sessions: readonly Row[], events: readonly Row[]): [string, string][] {
  const isView = ({ name }: Row) => name === "pageview";
  const pages = groupsOf(events.filter(isView), (row) => [dayOf(row.timestamp), row.pathname!], addEvent);
  const entries = groupsOf(sessions, (row) => [dayOf(row.start), row.entry_page!], addSession);
  const exits = groupsOf(sessions, (row) => [dayOf(row.start), row.exit_page!], addSession);
  const custom = groupsOf(
    events.filter((row) => !isView(row)),
    (row) => [dayOf(row.timestamp), row.name!],
    addEvent,
  );
  const rowsOf = (groups: Groups, figures: (sums: Sums, page: string) => (string | number)[]) =>
    [...groups].map(([key, sums]) => {
      const [date, value] = JSON.parse(key) as [string, string]; // made above
      return [date, ...figures(sums, value)];
    });
  return [
    [
      "pages",
      csvOf(
        ["date", "hostname", "page", "visits", "visitors", "pageviews"],
        rowsOf(pages, (sums, page) => ["plausible.io", page, sums.sessions.size, sums.users.size, sums.pageviews]),
      ),
    ],
    [
      "entry_pages",
      csvOf(
        ["date", "entry_page", "visitors", "entrances", "visit_duration", "bounces", "pageviews"],
        rowsOf(entries, (sums, page) => [page, sums.users.size, sums.visits, sums.duration, sums.bounces, 0]),
      ),
    ],
    [
      "exit_pages",
      csvOf(
        ["date", "exit_page", "visitors", "visit_duration", "exits", "bounces", "pageviews"],
        rowsOf(exits, (sums, page) => [page, sums.users.size, sums.duration, sums.visits, sums.bounces, 0]),
      ),
    ],
    [
      "custom_events",
      csvOf(
        ["date", "name", "link_url", "path", "visitors", "events"],
        rowsOf(custom, (sums, name) => [name, "", "", sums.users.size, sums.events]),
      ),
    ],
  ];
}

/** The ten files of March 2024, by name. */
export function plausibleExportFiles(): Record<string, string> {
  const [sessions, events] = [fileOf("sessions"), fileOf("events")];
  const files = [...sessionFiles(sessions, events), ...pageFiles(sessions, events)];
  return Object.fromEntries(files.map(([kind, text]) => [`imported_${kind}_20240328_20240331.csv`, text]));
}

export function zipOf(files: Record<string, string>): Uint8Array {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)])));
}
