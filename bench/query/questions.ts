// What is asked of the product and of the databases beside it: the same question as the product's query and as SQL, and
// both answers in one form, so that they can be held against each other.

import type { FunnelResult } from "../../workers/analyses/funnel.ts";
import type { PathsResult } from "../../workers/analyses/paths.ts";
import type { PropertiesResult } from "../../workers/analyses/properties.ts";
import type { RetentionResult } from "../../workers/analyses/retention.ts";
import type { QueryRow } from "../../workers/domain/query.ts";

export type Row = Record<string, unknown>;

export interface BenchQuestion {
  name: string;
  /** Beside `site_id` and `date_range`. */
  ask: Record<string, unknown>;
  /** Runs in SQLite and DuckDB alike; `PERIOD` stands for the condition on the time. */
  sql: string;
  /** Of our result and of SQL's rows: lines that must be equal as sets. */
  ours(results: never): string[];
  theirs(rows: Row[]): string[];
  /** Ours shows a part: each of its lines must be among theirs. */
  part?: boolean;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Of 1970: a Monday. */
const MONDAY_MS = 4 * DAY_MS;

const line = (...parts: unknown[]): string => parts.map(String).join(" | ");
const isoDay = (at: unknown): string => new Date(Number(at)).toISOString().slice(0, 10);
const groupLines = (results: QueryRow[]) =>
  results.map(({ dimensions, metrics }) => line(...dimensions, ...metrics.map((metric) => metric)));
const rowLines = (rows: Row[]) => rows.map((row) => line(...Object.values(row)));
const WEEK = `ts - (ts - ${MONDAY_MS}) % ${WEEK_MS}`;
const PATH_STEPS = 3;
const REST = ":rest";

/** All steps with their pages, all pairs of neighbours, and how many visits there are at all. */
function pathLines(rows: Row[]): string[] {
  const counts = new Map<string, number>();
  const add = (key: string, visits: unknown) => counts.set(key, (counts.get(key) ?? 0) + Number(visits));
  for (const { step, path, next, visits } of rows) {
    const place = Number(step) - 1;
    add(line(place, path), visits);
    if (place === 0) add("visits", visits);
    if (next !== null) add(line(`${place}:page ${path}`, `${place + 1}:page ${next}`), visits);
  }
  return [...counts].map(([key, visits]) => line(key, visits));
}

export const QUESTIONS: readonly BenchQuestion[] = [
  {
    name: "totals",
    ask: { metrics: ["visitors", "visits", "pageviews", "events", "bounces", "visit_duration"] },
    sql: `with v as (select visit, count(*) as n, count(*) filter (where name = 'pageview') as views,
        max(ts) - min(ts) as duration from events where PERIOD group by visit)
      select (select count(distinct visitor) from events where PERIOD) as visitors, count(*) as visits, sum(views) as views,
        sum(n) as events, count(*) filter (where views = 1) as bounces, sum(duration) as duration from v`,
    ours: groupLines,
    theirs: ([row = {}]) => {
      const { visitors, visits, views, events, bounces, duration } = row;
      return [line(visitors, visits, views, events, bounces, Number(duration) / 1000 / Number(visits))];
    },
  },
  {
    name: "timeseries",
    ask: { metrics: ["visitors", "pageviews"], dimensions: ["time:day"] },
    sql: `select ts - ts % ${DAY_MS} as day, count(distinct visitor) as visitors,
        count(*) filter (where name = 'pageview') as views from events where PERIOD group by 1`,
    ours: groupLines,
    theirs: (rows) => rows.map(({ day, visitors, views }) => line(isoDay(day), visitors, views)),
  },
  {
    name: "breakdown",
    ask: { metrics: ["visitors", "pageviews"], dimensions: ["event:page"] },
    sql: `select path, count(distinct visitor) as visitors, count(*) filter (where name = 'pageview') as views
      from events where PERIOD group by path`,
    ours: groupLines,
    theirs: rowLines,
  },
  {
    name: "filtered breakdown",
    ask: {
      metrics: ["visitors", "events"],
      dimensions: ["event:page"],
      filters: [
        ["is", "visit:browser", ["Chrome"]],
        ["is_not", "visit:country", ["US"]],
      ],
    },
    sql: `select path, count(distinct visitor) as visitors, count(*) as events from events
      where PERIOD and browser = 'Chrome' and country <> 'US' group by path`,
    ours: groupLines,
    theirs: rowLines,
  },
  {
    name: "funnel",
    ask: {
      analysis: "funnel",
      params: { steps: [{ page: "/pricing" }, { event: "signup" }, { event: "purchase" }] },
    },
    sql: `with a as (select visitor, min(ts) as ts from events
        where PERIOD and name = 'pageview' and path = '/pricing' group by visitor),
      b as (select e.visitor, min(e.ts) as ts from events e join a on a.visitor = e.visitor
        where e.PERIOD and e.name = 'signup' and e.ts >= a.ts group by e.visitor),
      c as (select e.visitor, min(e.ts) as ts from events e join b on b.visitor = e.visitor
        where e.PERIOD and e.name = 'purchase' and e.ts >= b.ts group by e.visitor)
      select (select count(*) from a) as a, (select count(*) from b) as b, (select count(*) from c) as c`,
    ours: ({ steps }: FunnelResult) => [line(...steps.map(({ count }) => count))],
    theirs: rowLines,
  },
  {
    name: "weekly retention",
    ask: { analysis: "retention", params: { granularity: "week" } },
    sql: `with weeks as (select distinct visitor, ${WEEK} as week from events where PERIOD and name = 'pageview'),
      firsts as (select visitor, min(week) as cohort from weeks group by visitor)
      select cohort, week, count(*) as people from weeks join firsts on firsts.visitor = weeks.visitor group by 1, 2`,
    ours: ({ cohorts }: RetentionResult) =>
      cohorts.flatMap(({ size, returned }, cohort) =>
        returned.flatMap((people, since) => {
          const count = since === 0 ? size : people;
          return count === 0 ? [] : [line(cohort, since, count)];
        }),
      ),
    theirs: (rows) => {
      const first = Math.min(...rows.map(({ cohort }) => Number(cohort)));
      return rows.map(({ cohort, week, people }) =>
        line((Number(cohort) - first) / WEEK_MS, (Number(week) - Number(cohort)) / WEEK_MS, people),
      );
    },
  },
  {
    name: "paths",
    // All pages, since a top ten may end in a tie.
    ask: { analysis: "paths", params: { steps: "pages", depth: PATH_STEPS, limit: 100 } },
    sql: `with views as (select visit, ts, path, lag(path) over (partition by visit order by ts) as before
        from events where PERIOD and name = 'pageview'),
      steps as (select path, row_number() over (partition by visit order by ts) as step,
        lead(path) over (partition by visit order by ts) as next from views where before is null or before <> path)
      select step, path, next, count(*) as visits from steps where step <= ${PATH_STEPS} group by step, path, next`,
    ours: ({ sessions, nodes, links }: PathsResult) => [
      line("visits", sessions),
      ...nodes.flatMap(({ kind, step, value, sessions }) => (kind === "page" ? [line(step, value, sessions)] : [])),
      ...links
        .filter(({ source, target }) => !source.endsWith(REST) && !target.endsWith(REST))
        .map(({ source, target, sessions }) => line(source, target, sessions)),
    ],
    theirs: pathLines,
    part: true,
  },
  {
    name: "properties",
    ask: { analysis: "properties", params: { of: { event: "purchase" }, property: "value" } },
    sql: `select value, count(*) as events, count(distinct visitor) as visitors from events
      where PERIOD and name = 'purchase' group by value`,
    ours: ({ values }: PropertiesResult) =>
      (values?.rows ?? []).map(({ value, events, visitors }) => line(value, events, visitors)),
    theirs: rowLines,
  },
];
