import type { Filter } from "../../workers/domain/query.ts";
import { type Cell, COLUMNS, localDay, type openCount, where } from "./sql-count.ts";

// Funnels, retention, paths and properties counted by SQL over a row per event: another hand's arithmetic to hold the
// engine against.

type Database = ReturnType<typeof openCount>;

export interface Period {
  from: number;
  to: number;
}

export type By = "visitor" | "session" | "user";

/** The name that an event bears, or that its visitor last bore before it, or else first after it; within the period. */
function nearest(column: string, { from, to }: Period): string {
  const others = `select ${column} from numbered n where n.visitor = e.visitor and n.${column} <> '' and n.at >= ${from}
    and n.at < ${to} and n.number`;
  return `coalesce(nullif(e.${column}, ''), (${others} < e.number order by n.number desc limit 1),
    (${others} > e.number order by n.number limit 1))`;
}

const PERSON: Record<By, string> = {
  session: "session",
  visitor: "coalesce('p' || browser, 'v' || visitor)",
  user: "coalesce('u' || signed_in, 'p' || browser, 'v' || visitor)",
};

/** Makes `q`: the rows that count, each with its person and whether that person's id lasts. */
function select(db: Database, asked: { period: Period; by: By; filters: Filter[] }): void {
  const { period, by, filters } = asked;
  const { from, to } = period;
  const clock = by === "session" ? "began" : "at";
  const passes = filters.map((filter) => ` and ${where(filter, period)}`).join("");
  db.run(`drop table if exists numbered; drop table if exists q;
    create table numbered as
      select *, row_number() over (partition by visitor order by at, received) as number from events;
    create table q as
    with named as (select visitor as id, number as place, ${nearest("user", period)} as signed_in,
        ${nearest("persistent", period)} as browser from numbered e where at >= ${from} and at < ${to}),
    chosen as (select * from r where name <> 'engagement' and ${clock} >= ${from} and ${clock} < ${to}${passes})
    select c.*, ${PERSON[by]} as person,
      coalesce(browser, ${by === "user" ? "signed_in" : "null"}) is not null as lasts
    from chosen c left join named on id = visitor and place = number`);
}

export interface FunnelQuestion {
  period: Period;
  by: By;
  filters: Filter[];
  steps: Filter[];
  window: number | "session" | null;
  strict: boolean;
  /** A dimension of the first step. */
  breakdown: string | null;
}

export interface FunnelCount {
  value: string;
  reached: number[];
  /** For each step but the first, milliseconds since the one before, in order of size. */
  waits: number[][];
}

/** t0, t1 …: for each beginning, the least moments that reach the steps, null from the first that is not reached. */
function chains({ steps, window, strict, period }: FunnelQuestion, unit: string): string {
  const fits = (step: number) => `(${where(steps[step]!, period)})`;
  const limit = typeof window === "number" ? ` and m.at - c.t0 <= ${window}` : "";
  const levels = steps.slice(1).map((_, index) => {
    const step = index + 1;
    const after = `m.at ${strict ? ">" : ">="} c.t${index}`;
    return `c${step} as (select c.*, (select min(m.at) from (select * from u where ${fits(step)}) m
      where m.person = c.person and m.unit = c.unit and ${after}${limit}) as t${step} from c${index} c)`;
  });
  const first = `c0 as (select person, unit, at as t0, min(value) as value from u where ${fits(0)} group by 1, 2, 3)`;
  const source = `u as (select *, ${unit} as unit from q)`;
  return `with ${[source, first, ...levels].join(",\n")}`;
}

export function countFunnel(db: Database, question: FunnelQuestion): FunnelCount[] {
  const { steps, window, breakdown, by } = question;
  select(db, question);
  const column = breakdown ? COLUMNS[breakdown]![by === "session" ? "session" : "event"] : "''";
  db.run(`alter table q add column value; update q set value = ${column}`);
  const times = steps.map((_, step) => `t${step}`);
  const level = times.map((time) => `(${time} is not null)`).join(" + ");
  const sql = `${chains(question, window === "session" ? "session" : "0")}
    select * from (select *, row_number() over (partition by person order by ${level} desc, ${times.join(", ")}, value) as place
      from c${steps.length - 1}) where place = 1`;
  const best = db.rows(sql);
  const counts = [...Map.groupBy(best, ({ value }) => String(value))].map(([value, rows]) => ({
    value,
    reached: times.map((time) => rows.filter((row) => row[time] !== null).length),
    waits: times.slice(1).map((time, step) =>
      rows
        .filter((row) => row[time] !== null)
        .map((row) => Number(row[time]) - Number(row[`t${step}`]))
        .sort((a, b) => a - b),
    ),
  }));
  return counts.sort((a, b) => b.reached[0]! - a.reached[0]! || (a.value < b.value ? -1 : 1));
}

export interface RetentionQuestion {
  period: Period;
  timeZone: string;
  by: By;
  filters: Filter[];
  cohort: Filter;
  back: Filter;
  granularity: "day" | "week" | "month";
  kind: "bounded" | "unbounded" | "rolling";
}

function labelOf(at: number, timeZone: string, granularity: RetentionQuestion["granularity"]): string {
  const day = localDay(at, timeZone);
  if (granularity === "month") return `${day.slice(0, 7)}-01`;
  if (granularity === "day") return day;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** The period's days, weeks or months, found by looking at the calendar every quarter of an hour. */
function labelsOf({ period, timeZone, granularity }: RetentionQuestion): string[] {
  const labels = new Set<string>();
  for (let at = period.from; at < period.to; at += 900_000) labels.add(labelOf(at, timeZone, granularity));
  return [...labels.add(labelOf(period.to - 1, timeZone, granularity))];
}

export interface CohortCount {
  cohort: string;
  size: number;
  returned: number[];
}

export function countRetention(db: Database, question: RetentionQuestion) {
  const { period, timeZone, granularity, kind, cohort, back } = question;
  select(db, question);
  const labels = labelsOf(question);
  const moments = db.rows(
    `select person, lasts, at, ${where(cohort, period)} as cohort, ${where(back, period)} as back from q`,
  );
  db.run(
    "drop table if exists moments; create table moments (person text, lasts int, at real, cohort int, back int, bucket int)",
  );
  for (const { person, lasts, at, cohort: joins, back: returns } of moments) {
    const bucket = labels.indexOf(labelOf(Number(at), timeZone, granularity));
    db.run(`insert into moments values ('${person}', ${lasts}, ${at}, ${joins}, ${returns}, ${bucket})`);
  }
  const span = (granularity === "week" ? 7 : 1) * 86_400_000;
  const since = kind === "rolling" ? `cast((m.at - f.at) / ${span} as int)` : "m.bucket - f.bucket";
  const firsts = `with firsts as (select person, lasts, min(at) as at, bucket from moments where cohort group by person),
    returns as (select f.person, f.bucket as cohort, ${since} as since from firsts f join moments m on m.person = f.person
      where m.back and m.at >= f.at and f.lasts)`;
  const cohorts = labels.map((label, bucket): CohortCount => {
    const size = Number(db.rows(`${firsts} select count(*) as n from firsts where lasts and bucket = ${bucket}`)[0]!.n);
    const returned = labels.slice(bucket).map((_, step) => {
      const when = kind === "unbounded" ? `since >= ${step}` : `since = ${step}`;
      const sql = `${firsts} select count(distinct person) as n from returns where cohort = ${bucket} and ${when}`;
      return Number(db.rows(sql)[0]!.n);
    });
    return { cohort: label, size, returned };
  });
  return { cohorts, leftOut: Number(db.rows(`${firsts} select count(*) as n from firsts where not lasts`)[0]!.n) };
}

export interface PathsQuestion {
  period: Period;
  filters: Filter[];
  anchor: Filter | null;
  direction: "from" | "to";
  steps: "pages" | "events" | "all";
  depth: number;
  repeats: boolean;
}

/** Nodes as `step label`, links as `step label > label`, each with its sessions. */
export function countPaths(db: Database, question: PathsQuestion): { nodes: Cell[]; links: Cell[] } {
  const { period, anchor, direction, steps, depth, repeats } = question;
  select(db, { ...question, by: "session" });
  const kinds = { pages: "name = 'pageview'", events: "name <> 'pageview'", all: "1" };
  const forwards = direction === "from";
  const start = anchor ? `min(case when ${where(anchor, period)} then number end)` : "min(number)";
  const sql = `with started as (select *, ${start} over (partition by session) as start from q),
    away as (select *, case when name = 'pageview' then 'page ' || path else 'event ' || name end as label from started
      where ${forwards ? "number >= start" : "number <= start"} and (${kinds[steps]} ${anchor ? "or number = start" : ""})),
    marked as (select *, lag(label) over w as before from away window w as (partition by session order by number ${forwards ? "" : "desc"})),
    kept as (select * from marked where ${repeats ? "1" : "before is null or before <> label"}),
    placed as (select session, label, row_number() over (partition by session order by number ${forwards ? "" : "desc"}) - 1 as step
      from kept),
    shown as (select * from placed where step < ${depth})`;
  return {
    nodes: db.rows(`${sql} select step, label, count(*) as sessions from shown group by 1, 2 order by 1, 2`),
    links: db.rows(`${sql} select a.step, a.label as near, b.label as far, count(*) as sessions from shown a
      join shown b on b.session = a.session and b.step = a.step + 1 group by 1, 2, 3 order by 1, 2, 3`),
  };
}

/** Of `plan` or `price`: how many events have it, its figures, and its values. */
export function countProperty(db: Database, column: "plan" | "price", asked: { period: Period; filters: Filter[] }) {
  select(db, { ...asked, by: "visitor" });
  const [total] = db.rows(`select count(*) as events from q where ${column} <> ''`);
  // Numbers of these columns are plain decimals, so that whatever begins with a letter is none.
  const [figures] =
    db.rows(`select count(*) as count, sum(cast(${column} as real)) as sum, min(cast(${column} as real)) as min,
    max(cast(${column} as real)) as max, avg(cast(${column} as real)) as mean from q where ${column} glob '[-0-9]*'`);
  const values = db.rows(`select ${column} as value, count(*) as events, count(distinct visitor) as visitors from q
    where ${column} <> '' group by 1 order by 2 desc, 1`);
  return { events: Number(total!.events), figures: figures!, values };
}
