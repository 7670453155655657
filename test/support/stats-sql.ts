import { DatabaseSync } from "node:sqlite";
import type { Event } from "../../workers/domain/event.ts";
import type { Filter, QueryInput } from "../../workers/domain/query.ts";
import type { Goal } from "../../workers/domain/site.ts";

// Questions of the Stats API as SQL over a row per event, in UTC: another hand's reading of the same question.

const TEXTS = [
  "hostname", "path", "title", "referrer", "source", "channel", "utmSource", "utmMedium", "utmCampaign", "utmTerm",
  "utmContent", "country", "region", "city", "browser", "browserVersion", "os", "osVersion", "device", "language",
] as const; // biome-ignore format: one list

/** Sessions by the rule of half an hour, with what the first event and the first and last page view say. */
const ROWS = `create table r as
with gaps as (select *, at - lag(at) over (partition by visitor order by at, line) as gap from events),
runs as (select *, sum(gap is null or gap > 1800000) over (partition by visitor order by at, line) as run from gaps),
marked as (select *, visitor || ' ' || run as session, row_number() over (partition by visitor order by at, line) as number from runs)
select *, first_value(at) over w as began, last_value(at) over w as ended,
  sum(name = 'pageview') over w as views,
  ${TEXTS.map((field) => `first_value(${field}) over w as visit_${field}`).join(", ")}
from marked window w as (partition by session order by number rows between unbounded preceding and unbounded following)`;

const PAGES = (order: string, as: string) => `create table ${as} as select session, path, hostname from
  (select *, row_number() over (partition by session order by number ${order}) as place from r where name = 'pageview')
  where place = 1`;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const snake = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const BUCKETS: Record<string, string> = {
  minute: "strftime('%Y-%m-%d %H:%M:00', AT / 1000, 'unixepoch')",
  hour: "strftime('%Y-%m-%d %H:00:00', AT / 1000, 'unixepoch')",
  day: "date(AT / 1000, 'unixepoch')",
  week: "date(AT / 1000, 'unixepoch', '-6 days', 'weekday 1')",
  month: "date(AT / 1000, 'unixepoch', 'start of month')",
};

const VISIT_FIELD: Record<string, string> = { screen: "device", region_name: "region", city_name: "city" };

/** A dimension as an expression on `r`. */
function columnOf(name: string, clock: "at" | "began"): string {
  const [scope, rest = ""] = name.split(/:(.*)/s);
  if (scope === "time") return BUCKETS[rest]!.replaceAll("AT", clock);
  if (rest.startsWith("props:")) return `coalesce(json_extract(props, '$.${rest.slice(6)}'), '')`;
  if (scope === "event") return { page: "path", name: "name", hostname: "hostname", title: "title" }[rest]!;
  const page = /^(entry|exit)_page(_hostname)?$/.exec(rest);
  if (page)
    return `coalesce((select ${page[2] ? "hostname" : "path"} from ${page[1]} p where p.session = r.session), '')`;
  if (rest === "country_name") return "country_name(visit_country)";
  return `visit_${VISIT_FIELD[rest] ?? snake(rest)}`;
}

export const EMPTY = (name: string): string =>
  name.startsWith("event:props:")
    ? "(none)"
    : /source$|referrer$/.test(name) && !name.includes("utm")
      ? "Direct / None"
      : "(not set)";

interface Asked {
  goals: readonly Goal[];
  from: number;
  to: number;
}

function goalSql({ kind, match }: Goal): string {
  if (kind === "event") return `name = ${quoted(match)}`;
  return `(name = 'pageview' and path glob ${quoted(match)})`;
}

const NOT = /_not$/;

function where(filter: Filter, asked: Asked): string {
  const [operator, second, third, options] = filter as [string, unknown, unknown, Record<string, unknown>?];
  if (operator === "and" || operator === "or") {
    return `(${(second as Filter[]).map((part) => where(part, asked)).join(` ${operator} `)})`;
  }
  if (operator === "not") return `(not ${where(second as Filter, asked)})`;
  if (operator.startsWith("has_")) {
    const inner = `select session from r where name <> 'engagement' and ${where(second as Filter, asked)}`;
    return `(session ${operator === "has_done" ? "in" : "not in"} (${inner}))`;
  }
  const name = String(second);
  const fold = (text: string) => (options?.case_sensitive === false ? `lower(${text})` : text);
  const any = (third as string[]).map((clause) => {
    if (name === "event:goal") {
      const meant = asked.goals.filter((goal) =>
        operator.startsWith("is") ? goal.name === clause : goal.name.includes(clause),
      );
      return `(${meant.map(goalSql).join(" or ") || "0"})`;
    }
    const value = columnOf(name, "at");
    if (operator.startsWith("contains")) return `instr(${fold(value)}, ${fold(quoted(clause))}) > 0`;
    if (operator.startsWith("matches_wildcard")) return `${value} glob ${quoted(clause)}`;
    if (operator.startsWith("matches")) return `matches(${quoted(clause)}, ${value})`;
    return `${fold(value)} = ${fold(quoted(clause === EMPTY(name) ? "" : clause))}`;
  });
  return `(${NOT.test(operator) ? "not " : ""}(${any.join(" or ")}))`;
}

type Cell = Record<string, number | string | null>;
export type Row = { key: string[]; metrics: (number | null)[] };

/** Each metric by its own definition, from what the three queries count of a group. */
const FORMULA: Record<string, (m: Cell) => number | null> = {
  visitors: (m) => Number(m.visitors ?? 0),
  events: (m) => Number(m.events ?? 0),
  pageviews: (m) => Number(m.pageviews ?? 0),
  visits: (m) => Number(m.visits ?? 0),
  bounces: (m) => Number(m.bounces ?? 0),
  bounce_rate: (m) => (m.visits ? (100 * Number(m.bounces)) / Number(m.visits) : null),
  views_per_visit: (m) => (m.visits ? Number(m.visit_views) / Number(m.visits) : null),
  visit_duration: (m) => (m.visits ? Number(m.duration) / 1000 / Number(m.visits) : null),
  time_on_page: (m) => (m.engaged ? Number(m.attention) / 1000 / Number(m.engaged) : null),
  scroll_depth: (m) => (m.scrolled ? Number(m.depth) / Number(m.scrolled) : null),
  total_revenue: (m) => (m.payments ? Number(m.revenue) : null),
  average_revenue: (m) => (m.payments ? Number(m.revenue) / Number(m.payments) : null),
  percentage: (m) => (100 * Number(m.visitors ?? 0)) / Number(m.everybody),
  conversion_rate: (m) => (100 * Number(m.visitors ?? 0)) / Number(m.unconverted),
  group_conversion_rate: (m) =>
    m.unconverted_group ? (100 * Number(m.visitors ?? 0)) / Number(m.unconverted_group) : null,
};

export interface StatsQuestion extends Pick<QueryInput, "metrics" | "dimensions"> {
  filters?: Filter[];
  from: number;
  to: number;
}

export function openStats(events: readonly Event[], goals: readonly Goal[]) {
  const db = new DatabaseSync(":memory:");
  const names = new Intl.DisplayNames("en", { type: "region" });
  db.function("matches", (pattern, text) => (new RegExp(String(pattern)).test(String(text)) ? 1 : 0));
  db.function("country_name", (code) =>
    code === "" ? "" : /^[A-Z]{2}$/.test(String(code)) ? names.of(String(code))! : String(code),
  );
  const columns = ["line", "visitor", "at", "name", "props", "amount", "attention", "scrolled", ...TEXTS];
  db.exec(`create table events (${columns.join(", ")})`);
  const insert = db.prepare(`insert into events values (${columns.map(() => "?").join(", ")})`);
  events.forEach((event, line) => {
    const { visitorId, at, name, props, revenue, engagementMs, scrollDepth } = event;
    const fixed = [
      line,
      visitorId,
      at,
      name,
      JSON.stringify(props ?? {}),
      revenue?.amount ?? null,
      engagementMs,
      scrollDepth,
    ];
    insert.run(...fixed, ...TEXTS.map((field) => event[field]));
  });
  for (const sql of [ROWS, PAGES("asc", "entry"), PAGES("desc", "exit")]) db.exec(sql);
  for (const table of ["entry", "exit"]) db.exec(`create index ${table}_session on ${table} (session)`);
  db.exec("create index r_engagement on r (name, path)");
  return { rows: (asked: StatsQuestion) => rowsOf(db, asked, goals), close: () => db.close() };
}

function withoutGoals(filters: readonly Filter[]): Filter[] {
  return filters.filter(([, name]) => name !== "event:goal");
}

function rowsOf(db: DatabaseSync, question: StatsQuestion, goals: readonly Goal[]): Row[] {
  const { from, to, metrics, dimensions = [], filters = [] } = question;
  const asked = { goals, from, to };
  const conditions = (own: readonly Filter[]) => ["1", ...own.map((filter) => where(filter, asked))].join(" and ");
  const inside = `at >= ${from} and at < ${to}`;
  const found = new Map<string, Cell>();
  const source = dimensions.includes("event:goal")
    ? `(${goals.map((goal) => `select *, ${quoted(goal.name)} as goal from r where ${goalSql(goal)}`).join(" union all ")}) r`
    : "r";
  const list = (names: readonly string[], clock: "at" | "began") =>
    names.map((name) => (name === "event:goal" ? "goal" : columnOf(name, clock))).concat("0");
  const collect = (select: string, rest: string, clock: "at" | "began" = "at") => {
    const by = list(dimensions, clock);
    const sql = `select ${by.map((column, index) => `${column} as d${index}`).join(", ")}, ${select} from ${rest}
      group by ${by.map((_, index) => index + 1).join(", ")}`;
    for (const row of db.prepare(sql).all() as Cell[]) {
      const key = JSON.stringify(dimensions.map((_, index) => String(row[`d${index}`])));
      found.set(key, { ...found.get(key), ...row });
    }
  };
  const count = (own: readonly Filter[], extra = "1") =>
    Number(
      Object.values(
        db
          .prepare(
            `select count(distinct visitor) from r where name <> 'engagement' and ${inside} and ${conditions(own)} and ${extra}`,
          )
          .get()!,
      )[0],
    );
  const events = `${source} where name <> 'engagement' and ${inside} and ${conditions(filters)}`;
  collect(
    "count(distinct visitor) as visitors, count(*) as events, sum(name = 'pageview') as pageviews, count(amount) as payments, sum(amount) as revenue",
    events,
  );
  if (metrics.some((name) => /visits|bounce|visit/.test(name) && name !== "visitors")) {
    const by = list(dimensions, "began").map((column, index) => `${column} as g${index}`);
    const sessions = `(select distinct ${by.join(", ")}, session, views, began, ended from ${source}
      where name <> 'engagement' and began >= ${from} and began < ${to} and ${conditions(filters)})`;
    const sql = `select ${by.map((_, index) => `g${index} as d${index}`).join(", ")}, count(*) as visits, sum(views = 1) as bounces,
      sum(views) as visit_views, sum(ended - began) as duration from ${sessions} group by ${by.map((_, index) => index + 1).join(", ")}`;
    for (const row of db.prepare(sql).all() as Cell[]) {
      const key = JSON.stringify(dimensions.map((_, index) => String(row[`d${index}`])));
      found.set(key, { ...found.get(key), ...row });
    }
  }
  if (metrics.some((name) => name === "time_on_page" || name === "scroll_depth")) {
    collect(
      `sum(attention) as attention, count(distinct session) as engaged, count(distinct visitor) as scrolled,
       (select sum(deep) from (select max(q.scrolled) as deep from r q where q.name = 'engagement' and q.path = r.path group by q.visitor)) as depth`,
      `${source} where name = 'engagement' and ${inside} and ${conditions(filters)}`,
    );
  }
  if (dimensions.length === 0 && found.size === 0) found.set("[]", {});
  const groups = [...found].filter(([, row]) => row.events || row.visits || dimensions.length === 0);
  return groups.map(([text, row]) => {
    const key: string[] = JSON.parse(text);
    const others = dimensions.flatMap((name, index) =>
      name === "event:goal" ? [] : [`${columnOf(name, "at")} = ${quoted(key[index]!)}`],
    );
    const shares = metrics.some((name) => /percentage|rate/.test(name) && name !== "bounce_rate")
      ? {
          everybody: count(filters),
          unconverted: count(withoutGoals(filters)),
          unconverted_group: count(withoutGoals(filters), others.join(" and ") || "1"),
        }
      : {};
    return {
      key: key.map((value, index) => value || EMPTY(dimensions[index]!)),
      metrics: metrics.map((name) => FORMULA[name]!({ ...row, ...shares })),
    };
  });
}
