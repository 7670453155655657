// What is known of a site's traffic, told by two witnesses in the same words: the query API, and plain SQL over the
// `events` view in D1's own file.

import type { SQLInputValue } from "node:sqlite";
import type { TestApi } from "./api.ts";
import { openD1 } from "./counted-paths.ts";

/** Of a site's whole life; UTC days. */
export interface Traffic {
  events: number;
  pageviews: number;
  visitors: number;
  sessions: number;
  /** Sessions with one page view. */
  bounces: number;
  /** Day, page views, visitors, sessions begun. */
  days: [string, number, number, number][];
  /** Every path with page views: path, page views, visitors. Without order. */
  pages: Map<string, [pageviews: number, visitors: number]>;
  byName: Record<string, number>;
}

const TOTALS = ["events", "pageviews", "visitors", "visits", "bounces"];

export async function trafficByQuery(api: TestApi, siteId: string, period: [string, string]): Promise<Traffic> {
  const ask = async (metrics: string[], dimensions: string[], pagesOnly = false) => {
    const filters: ["is", string, string[]][] = pagesOnly ? [["is", "event:name", ["pageview"]]] : [];
    const { results } = await api.query({ metrics, dimensions, filters, date_range: period }, siteId);
    return results.map((row) => ({ name: row.dimensions[0] ?? "", figures: row.metrics.map(Number) }));
  };
  const [totals] = await ask(TOTALS, []);
  const [events = 0, pageviews = 0, visitors = 0, sessions = 0, bounces = 0] = totals?.figures ?? [];
  const days = await ask(["pageviews", "visitors", "visits"], ["time:day"]);
  const pages = await ask(["pageviews", "visitors"], ["event:page"], true);
  const names = await ask(["events"], ["event:name"]);
  return {
    ...{ events, pageviews, visitors, sessions, bounces },
    days: days.map(({ name, figures: [views = 0, people = 0, begun = 0] }) => [name, views, people, begun]),
    pages: new Map(pages.map(({ name, figures: [views = 0, people = 0] }) => [name, [views, people]])),
    byName: Object.fromEntries(names.map(({ name, figures: [n = 0] }) => [name, n])),
  };
}

const SESSIONS = `
  with gaps as (
    select *, at - lag(at) over (partition by visitor_id order by at, id) as gap from events where site_id = ?),
  numbered as (
    select *, sum(gap is null or gap > 1800000) over (partition by visitor_id order by at, id rows unbounded preceding) as session
    from gaps)
  select date(min(at) / 1000, 'unixepoch') as day, sum(name = 'pageview') as views
  from numbered group by visitor_id, session`;

/** From the state folder of a server that was flushed and stopped. */
export function trafficInD1(dataDir: string, siteId: string): Traffic {
  const db = openD1(dataDir);
  const rows = (sql: string, ...values: SQLInputValue[]) => db.prepare(sql).all(siteId, ...values);
  const one = (sql: string): number => Number(rows(sql)[0]?.n ?? 0);
  try {
    const sessions = rows(SESSIONS);
    const begun = Map.groupBy(sessions, ({ day }) => String(day));
    const days = rows(
      `select date(at / 1000, 'unixepoch') as day, sum(name = 'pageview') as views, count(distinct visitor_id) as visitors
       from events where site_id = ? group by day order by day`,
    );
    const pages = rows(
      `select path, count(*) as views, count(distinct visitor_id) as visitors
       from events where site_id = ? and name = 'pageview' group by path`,
    );
    const names = rows("select name, count(*) as n from events where site_id = ? group by name");
    return {
      events: one("select count(*) as n from events where site_id = ?"),
      pageviews: one("select count(*) as n from events where site_id = ? and name = 'pageview'"),
      visitors: one("select count(distinct visitor_id) as n from events where site_id = ?"),
      sessions: sessions.length,
      bounces: sessions.filter(({ views }) => views === 1).length,
      days: days.map(({ day, views, visitors }) => [
        String(day),
        Number(views),
        Number(visitors),
        begun.get(String(day))?.length ?? 0,
      ]),
      pages: new Map(pages.map(({ path, views, visitors }) => [String(path), [Number(views), Number(visitors)]])),
      byName: Object.fromEntries(names.map(({ name, n }) => [String(name), Number(n)])),
    };
  } finally {
    db.close();
  }
}
