// What other tools counted: written whole, read by panel and days, removed alone.
import type { History, HistoryContent, HistoryDay, HistoryRead, HistoryRow } from "../domain/history.ts";
import type { SiteId } from "../domain/site.ts";

interface Row {
  id: string;
  name: string;
  content: string;
  createdAt: number;
}

const SELECT = `select id, name, content, created_at as createdAt from histories where site_id = ?1 and complete = 1`;

function historyOf({ id, name, content, createdAt }: Row): History {
  return { id, name, createdAt, ...(JSON.parse(content) as HistoryContent) }; // written below
}

/** Newest first. */
export async function listHistories(db: D1Database, siteId: SiteId): Promise<History[]> {
  const { results } = await db.prepare(`${SELECT} order by created_at desc, id`).bind(siteId).all<Row>();
  return results.map(historyOf);
}

/** The first day that any of them tells. */
export async function historyBegins(db: D1Database, siteId: SiteId): Promise<string | null> {
  const sql = `select min(content->>'from') as day from histories where site_id = ?1 and complete = 1`;
  const row = await db.prepare(sql).bind(siteId).first<{ day: string | null }>();
  return row?.day ?? null;
}

export async function findHistory(db: D1Database, siteId: SiteId, id: string): Promise<History | null> {
  const row = await db.prepare(`${SELECT} and id = ?2`).bind(siteId, id).first<Row>();
  return row && historyOf(row);
}

/** A value of D1 may have 2 MB, and so may a row. */
const CHARS_A_PART = 500_000;
const CHARS_A_STATEMENT = 1_000_000;

interface Part {
  panel: string;
  date: string;
  part: number;
  body: string;
}

function* partsOf({ panel, date, rows }: HistoryDay): Generator<Part> {
  let texts: string[] = [];
  let chars = 0;
  let part = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (chars + text.length > CHARS_A_PART) {
      yield { panel, date, part: part++, body: `[${texts.join()}]` };
      texts = [];
      chars = 0;
    }
    texts.push(text);
    chars += text.length;
  }
  yield { panel, date, part, body: `[${texts.join()}]` };
}

function* statementsOf(days: Iterable<HistoryDay>): Generator<Part[]> {
  let parts: Part[] = [];
  let chars = 0;
  for (const day of days) {
    for (const part of partsOf(day)) {
      if (parts.length > 0 && chars + part.body.length > CHARS_A_STATEMENT) {
        yield parts;
        parts = [];
        chars = 0;
      }
      parts.push(part);
      chars += part.body.length + 100;
    }
  }
  if (parts.length > 0) yield parts;
}

/** Rows of one id are always the same, so that a write which broke off is simply begun again; false when it was whole already. */
export async function writeHistory(
  db: D1Database,
  siteId: SiteId,
  { id, name, createdAt, ...content }: History,
  days: Iterable<HistoryDay>,
): Promise<boolean> {
  await db
    .prepare(
      `insert into histories (site_id, id, name, content, complete, created_at) values (?1, ?2, ?3, ?4, 0, ?5)
       on conflict do nothing`,
    )
    .bind(siteId, id, name, JSON.stringify(content), createdAt)
    .run();
  if (await findHistory(db, siteId, id)) return false;
  for (const parts of statementsOf(days)) {
    await db
      .prepare(
        `insert into history_days (site_id, history_id, panel, date, part, body)
         select ?1, ?2, value->>'panel', value->>'date', value->>'part', value->>'body' from json_each(?3) where true
         on conflict do update set body = excluded.body`,
      )
      .bind(siteId, id, JSON.stringify(parts))
      .run();
  }
  const done = await db
    .prepare("update histories set complete = 1 where site_id = ?1 and id = ?2 and complete = 0")
    .bind(siteId, id)
    .run();
  return done.meta.changes > 0;
}

/** Of it nothing is left, whole or not. */
export async function removeHistory(db: D1Database, siteId: SiteId, id: string): Promise<void> {
  await db.batch([
    db.prepare("delete from history_days where site_id = ?1 and history_id = ?2").bind(siteId, id),
    db.prepare("delete from histories where site_id = ?1 and id = ?2").bind(siteId, id),
  ]);
}

/** One entry a day and part, in order of days. */
export async function readHistory(
  db: D1Database,
  siteId: SiteId,
  { id, panel, from, to }: HistoryRead,
): Promise<{ date: string; rows: HistoryRow[] }[]> {
  const { results } = await db
    .prepare(
      `select date, body from history_days
       where site_id = ?1 and history_id = ?2 and panel = ?3 and date >= ?4 and date <= ?5 order by date, part`,
    )
    .bind(siteId, id, panel, from, to)
    .all<{ date: string; body: string }>();
  return results.map(({ date, body }) => ({ date, rows: JSON.parse(body) as HistoryRow[] })); // written above
}

const TEXTS_AT_ONCE = 20;

/** A site's days in the order in which they were written, some at a time. */
export async function historyTextsAfter(
  db: D1Database,
  siteId: string,
  rowid: number,
): Promise<{ rowid: number; body: string }[]> {
  const { results } = await db
    .prepare("select rowid, body from history_days where site_id = ?1 and rowid > ?2 order by rowid limit ?3")
    .bind(siteId, rowid, TEXTS_AT_ONCE)
    .all<{ rowid: number; body: string }>();
  return results;
}
