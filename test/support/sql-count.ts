import { DatabaseSync } from "node:sqlite";
import type { Event } from "../../workers/domain/event.ts";
import type { Filter } from "../../workers/domain/query.ts";
import { isBehaviour, isCondition } from "../../workers/query/filters.ts";

// The same questions, counted by SQL over a row per event: another hand's arithmetic to hold the engine against.

const SCHEMA = `create table events (visitor text, at real, received real, name text, path text, source text, country text,
  plan text, currency text, amount real, attention real, depth real, day text, month text, user text, persistent text,
  price text)`;

/** Rows numbered into runs without half an hour of silence; a session is a run from its first true event on. */
const ROWS = `create table r as
with gaps as (
  select *, at - lag(at) over (partition by visitor order by at, received) as gap,
    row_number() over (partition by visitor order by at, received) as number from events),
runs as (
  select *, sum(case when gap is null or gap > 1800000 then 1 else 0 end)
    over (partition by visitor order by number rows unbounded preceding) as run from gaps),
firsts as (
  select *, min(case when name <> 'engagement' then number end) over (partition by visitor, run) as first from runs),
members as (select *, visitor || ' ' || run as session from firsts where first is not null and number >= first)
select m.*, s.began, s.ended - s.began as duration, s.views, s.began_day, s.began_month,
  s.visit_source, s.visit_country, coalesce(s.entry, '') as entry, coalesce(s.exit, '') as exit
from firsts left join members m using (visitor, number) left join (
  select session, min(at) as began, max(at) as ended, sum(name = 'pageview') as views,
    max(case when number = first then source end) as visit_source,
    max(case when number = first then country end) as visit_country,
    max(case when number = first then day end) as began_day,
    max(case when number = first then month end) as began_month,
    (select path from members e where e.session = members.session and name = 'pageview' order by number limit 1) as entry,
    (select path from members e where e.session = members.session and name = 'pageview' order by number desc limit 1) as exit
  from members group by session) s on s.session = m.session
where m.session is not null`;

export const COLUMNS: Record<string, { event: string; session: string }> = Object.fromEntries(
  Object.entries({
    "event:page": "path",
    "event:name": "name",
    "event:props:plan": "plan",
    "visit:source": "visit_source",
    "visit:country": "visit_country",
    "visit:entry_page": "entry",
    "visit:exit_page": "exit",
  }).map(([name, column]) => [name, { event: column, session: column }]),
);
COLUMNS["time:day"] = { event: "day", session: "began_day" };
COLUMNS["time:month"] = { event: "month", session: "began_month" };

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A filter as a condition on `r`. */
export function where(filter: Filter, period: { from: number; to: number }): string {
  if (filter[0] === "and" || filter[0] === "or") {
    return `(${filter[1].map((part) => where(part, period)).join(` ${filter[0]} `)})`;
  }
  if (filter[0] === "not") return `(not ${where(filter[1], period)})`;
  if (isBehaviour(filter)) {
    const [operator, inner, options] = filter;
    const [doer, inside] =
      options?.by === "visitor" ? ["visitor", `at >= ${period.from} and at < ${period.to}`] : ["session", "1"];
    const done = `select ${doer} from r where name <> 'engagement' and ${inside} and ${where(inner, period)}`;
    return `(${doer} ${operator === "has_done" ? "in" : "not in"} (${done}))`;
  }
  if (!isCondition(filter)) throw new Error("no such filter");
  const [operator, name, clauses] = filter;
  const column = COLUMNS[name]!.event;
  const any = operator.startsWith("is")
    ? `${column} in (${clauses.map(quoted).join(", ")})`
    : `(${clauses.map((clause) => `instr(${column}, ${quoted(clause)}) > 0`).join(" or ")})`;
  return operator.endsWith("_not") ? `(not ${any})` : any;
}

export function localDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

export interface Question {
  from: number;
  to: number;
  dimensions: string[];
  filters: Filter[];
}

export interface Counts {
  key: string[];
  counts: number[];
  revenue: Record<string, number>;
}

/** In the order of each row's counts. */
export const COUNTED = [
  "visitors", "pageviews", "events", "payments", "visits", "bounces", "duration", "visitPageviews",
  "engagement", "engagedVisits", "scrollDepth", "scrolledVisitors",
] as const; // biome-ignore format: one list

export function openCount(events: readonly Event[], timeZone: string) {
  const db = new DatabaseSync(":memory:");
  db.exec(SCHEMA);
  const insert = db.prepare("insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const event of events) {
    const day = localDay(event.at, timeZone);
    const { revenue, props } = event;
    const place = [event.visitorId, event.at, event.receivedAt, event.name, event.path, event.source, event.country];
    const more = [String(props?.plan ?? ""), revenue?.currency ?? "", revenue?.amount ?? 0];
    const clock = [event.engagementMs, event.scrollDepth, day, `${day.slice(0, 7)}-01`];
    insert.run(...place, ...more, ...clock, event.userId, event.persistentId, String(props?.price ?? ""));
  }
  db.exec(ROWS);
  return {
    count: (question: Question) => countAll(db, question),
    rows: (sql: string) => db.prepare(sql).all() as Cell[], // every column is a number or text
    run: (sql: string) => db.exec(sql),
    close: () => db.close(),
  };
}

export type Cell = Record<string, number | string>;

function countAll(db: DatabaseSync, { from, to, dimensions, filters }: Question): Counts[] {
  const passes = ["1", ...filters.map((filter) => where(filter, { from, to }))].join(" and ");
  const found = new Map<string, Counts>();
  const groups = (clock: "event" | "session") =>
    dimensions
      .map((name, index) => `${COLUMNS[name]![clock]} as d${index}`)
      .concat("0 as always")
      .join(", ");
  const by = dimensions
    .map((_, index) => `d${index}`)
    .concat("always")
    .join(", ");
  const collect = (names: readonly string[], sql: string, put?: (row: Cell, counts: Counts) => void) => {
    for (const row of db.prepare(sql).all() as Cell[]) {
      const key = dimensions.map((_, index) => String(row[`d${index}`]));
      const counts = found.get(key.join("\n")) ?? { key, counts: COUNTED.map(() => 0), revenue: {} };
      found.set(key.join("\n"), counts);
      names.forEach((name) => {
        counts.counts[(COUNTED as readonly string[]).indexOf(name)] = Number(row[name] ?? 0);
      });
      put?.(row, counts);
    }
  };
  const inside = `at >= ${from} and at < ${to}`;
  const events = `select ${groups("event")}, * from r where name <> 'engagement' and ${inside} and ${passes}`;
  collect(
    ["visitors", "pageviews", "events", "payments"],
    `select ${by}, count(distinct visitor) as visitors, sum(name = 'pageview') as pageviews, count(*) as events,
       sum(currency <> '') as payments from (${events}) group by ${by}`,
  );
  collect(
    [],
    `select ${by}, currency, sum(cast(round(amount * 10000) as integer)) as sum from (${events}) where currency <> ''
     group by ${by}, currency`,
    (row, { revenue }) => {
      revenue[String(row.currency)] = Number(row.sum);
    },
  );
  collect(
    ["visits", "bounces", "duration", "visitPageviews"],
    `select ${by}, count(*) as visits, sum(views = 1) as bounces, sum(duration) as duration, sum(views) as visitPageviews
     from (select distinct ${groups("session")}, session, views, duration from r
       where name <> 'engagement' and began >= ${from} and began < ${to} and ${passes}) group by ${by}`,
  );
  const attention = `select ${groups("event")}, * from r where name = 'engagement' and ${inside} and ${passes}`;
  collect(
    ["engagement", "engagedVisits"],
    `select ${by}, sum(attention) as engagement, count(distinct session) as engagedVisits from (${attention}) group by ${by}`,
  );
  collect(
    ["scrollDepth", "scrolledVisitors"],
    `select ${by}, sum(deepest) as scrollDepth, count(*) as scrolledVisitors from
     (select ${by}, max(depth) * 100 as deepest from (${attention}) where depth > 0 group by ${by}, visitor) group by ${by}`,
  );
  return [...found.values()].sort((a, b) => (a.key.join("\n") < b.key.join("\n") ? -1 : 1));
}
