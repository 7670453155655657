// Real series of days, read in Node for tests that run where there is no disk.
import type { DailySeries } from "./daily-series.ts";
import { fixturesDir, readFixture } from "./fixtures.ts";

const DAY_MS = 24 * 3600_000;

const linesOf = (path: string): string[][] =>
  readFixture(path)
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => line.replaceAll('"', "").split(","));

function series(name: string, days: readonly (readonly [date: string, value: number])[]): DailySeries {
  const byDay = new Map(days.map(([date, value]) => [Date.parse(date), value]));
  const times = [...byDay.keys()];
  const from = Math.min(...times);
  const count = (Math.max(...times) - from) / DAY_MS + 1;
  return { name, from, values: Array.from({ length: count }, (_, day) => byDay.get(from + day * DAY_MS) ?? null) };
}

/** Visits of agencies and views of a page, a day at a time; none where the files are absent. */
export function dailySeries(): DailySeries[] {
  if (fixturesDir === null) return [];
  const [head = [], ...rows] = linesOf("forecast/analytics_usa_gov_daily_visits_shared.csv");
  const agencies = head.slice(1).map((name, column) =>
    series(
      name,
      rows.map((row) => [row[0]!, Number(row[column + 1])]),
    ),
  );
  const views = linesOf("forecast/wp_log_peyton_manning.csv.gz").slice(1);
  return [
    ...agencies,
    series(
      "wp_log_peyton_manning",
      views.map(([date = "", log]) => [date, Math.exp(Number(log))]),
    ),
  ];
}
