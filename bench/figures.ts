// The results as the tables of the README, between its markers. Pure but for `writeBetween`.

import { readFile, writeFile } from "node:fs/promises";
import type { AlertsResult } from "./alerts/measure.ts";
import type { DashboardResult } from "./dashboard/measure.ts";
import type { Outcome, Parts } from "./outcome.ts";
import type { ReportsResult } from "./reports/measure.ts";

const MARKS = ["<!-- bench: made by npm run bench -->", "<!-- /bench -->"] as const;

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const fixed = (value: number, digits = 2): string => value.toFixed(digits);
const ms = (value: number | null): string =>
  value === null ? "" : value < 1000 ? `${whole(value)} ms` : `${fixed(value / 1000, 1)} s`;

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function lineRows({ ingest, live, http, query, cost }: Partial<Parts>): string[][] {
  const largest = query?.at(-1);
  const rows: (string[] | undefined | false)[] = [
    ingest && ["single beacons, each durable when answered", `${whole(ingest.result.single.perSecond)} a second`],
    ingest && ["CPU of a beacon", `${whole(ingest.result.single.cpuMicrosPerEvent)} µs`],
    ingest && ["batches of 20", `${whole(ingest.result.batch20.eventsPerSecond)} events a second`],
    http && [
      "imported over HTTP, each page counted exactly",
      `${whole(http.counted)} events, ${whole(http.counted / http.seconds)} a second`,
    ],
    live && [
      `beacon to ${live.sockets} Live pages at ${whole(live.perSecond)} a second, p50 · p95 · p99`,
      [live.p50, live.p95, live.p99].map(ms).join(" · "),
    ],
    largest && [`bytes an event of ${whole(largest.events)}`, fixed(largest.bytesPerEvent, 1)],
    cost && [
      "rows written an event, under load · at 10 million a month",
      `${fixed(cost.rowsWrittenPerEvent.underLoad)} · ${fixed(cost.rowsWrittenPerEvent.calm)}`,
    ],
    cost && [
      "dollars a million events at 10 million a month, nobody watching · 8 h a day",
      `${fixed(cost.dollars.unwatched.total)} · ${fixed(cost.dollars.watched.total)}`,
    ],
    cost && ["the same at the price of use under load", fixed(cost.dollars.underLoad.total)],
    cost && ["Analytics Engine adds", fixed(cost.dollars.unwatched.analyticsEngine)],
    cost && [
      "free plan, a day",
      `${whole(cost.freeDay.events)} events and ${whole(cost.freeDay.dashboards)} dashboards`,
    ],
  ];
  return rows.filter((row) => Array.isArray(row));
}

function dashboardTables({ dashboard }: Partial<Parts>): string[] {
  return dashboard ? [pagesTable(dashboard), viewersTable(dashboard)] : [];
}

function pagesTable({ pages }: DashboardResult): string {
  const head = ["first load by a phone on slow 4G", "first figure", "all there", "script", "of charts", "layout shift"];
  const kb = (bytes: number) => `${whole(bytes / 1024)} KB`;
  const lines = pages.map(({ name, figureMs, wholeMs, scriptBytes, chartBytes, shift }) => [
    ...[name, ms(figureMs), ms(wholeMs), kb(scriptBytes), kb(chartBytes), fixed(shift, 3)],
  ]);
  return markdownTable(head, lines);
}

function viewersTable({ events, viewing }: DashboardResult): string {
  const { viewers, refreshMs, perSecond, together, refreshed, beacons, rate } = viewing;
  const head = [`${viewers} viewers of a board over ${whole(events)} events`, "p50", "p95", "p99"];
  const line = (name: string, { p50, p95, p99 }: typeof together) => [name, ms(p50), ms(p95), ms(p99)];
  const came = (share: number) => `a beacon of ${whole(perSecond)} a second, ${whole(share)} answered,`;
  return markdownTable(head, [
    line("the whole board, opened by all in one moment", together),
    line(`the same, refreshed every ${whole(refreshMs / 1000)} s`, refreshed),
    line(`${came(rate.beside)} meanwhile`, beacons.beside),
    line(`${came(rate.alone)} before and after`, beacons.alone),
  ]);
}

export function alertsTable({ sites, rulesEach, eventsEach, runs }: AlertsResult): string {
  const head = [
    ...[
      `one cron run over ${whole(sites * rulesEach)} alert rules of ${sites} sites, ${whole(eventsEach)} events each`,
    ],
    ...["took", "calls a site for minutes", "scans", "raw events read", "rows of D1 read a site", "written a site"],
  ];
  const lines = runs.map(({ name, ms, minutes, scans, scanned, d1RowsRead, d1RowsWritten }) => [
    ...[name, `${(ms / 1000).toFixed(1)} s`, (minutes / sites).toFixed(1), whole(scans), whole(scanned)],
    ...[whole(d1RowsRead / sites), whole(d1RowsWritten / sites)],
  ]);
  return markdownTable(head, lines);
}

export function reportsTable({
  sites,
  reportsEach,
  pdfsEach,
  perSecond,
  ms: took,
  runs,
  beacons,
}: ReportsResult): string {
  const head = [
    `${whole(sites * reportsEach)} reports by mail, ${whole(sites * pdfsEach)} as PDF, due in one minute`,
    "took",
    "runs",
  ];
  const { alone, beside } = beacons;
  const heard = (name: string, { rate, p50, p95 }: typeof alone) => [name, `${whole(rate)} a second`, ms(p50), ms(p95)];
  const beaconsHead = [`a beacon of ${whole(perSecond)} a second`, "answered", "p50", "p95"];
  const mails = markdownTable(head, [["all with the mail server", `${(took / 1000).toFixed(0)} s`, whole(runs)]]);
  return `${mails}\n\n${markdownTable(beaconsHead, [heard("meanwhile", beside), heard("before", alone)])}`;
}

function queryTables({ query = [] }: Partial<Parts>): string[] {
  return query.map(({ events, visitors, overview, rows }) => {
    const head = [`${whole(events)} events, ${whole(visitors)} visitors`, "cold", "warm", "SQLite rows", "DuckDB"];
    const lines = rows.map((row) => [row.name, ms(row.coldMs), ms(row.warmMs), ms(row.sqliteMs), ms(row.duckdbMs)]);
    const panels = [
      `the Overview's ${overview.questions} panels at once`,
      ms(overview.coldMs),
      ms(overview.warmMs),
      "",
      "",
    ];
    return markdownTable(head, [...lines, panels]);
  });
}

export function figures({ machine, parts }: Outcome): string {
  const about = `On ${machine.cores} cores (${machine.model}), load generator included; questions while 500 events a second come in.`;
  return [
    about,
    markdownTable(["what", "measured"], lineRows(parts)),
    ...queryTables(parts),
    ...dashboardTables(parts),
    ...(parts.alerts ? [alertsTable(parts.alerts)] : []),
    ...(parts.reports ? [reportsTable(parts.reports)] : []),
  ].join("\n\n");
}

/** What stands between the marks of a document now. */
export function between(text: string): string {
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`the document lacks ${MARKS.join(" … ")}`);
  return text.slice(begin + MARKS[0].length, end).trim();
}

export async function writeBetween(file: string, made: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const old = between(text);
  const start = text.indexOf(MARKS[0]) + MARKS[0].length;
  const rest = text.slice(text.indexOf(MARKS[1]));
  if (old !== made) await writeFile(file, `${text.slice(0, start)}\n\n${made}\n\n${rest}`);
}
