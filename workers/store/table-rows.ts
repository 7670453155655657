// Rows of a table out and in as they lie there, for backups.
import { AppError } from "../domain/errors.ts";
import { keptTable } from "./backup-tables.ts";

/** Of one answer, and the bytes of their bodies where they have any. */
const ROWS_A_PAGE = 2_000;
const BYTES_A_PAGE = 4_000_000;

export type TableRow = Record<string, string | number | null>;

export interface RowPage {
  rows: TableRow[];
  /** Where the next page begins; null with the last. */
  next: number | null;
}

async function columnsOf(db: D1Database, table: string): Promise<string[]> {
  const { results } = await db.prepare(`select name from pragma_table_info('${table}')`).all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** In the order in which they were added. Rows that come meanwhile come at the end. */
export async function readTable(db: D1Database, table: string, after: number): Promise<RowPage> {
  const kept = keptTable(table)!;
  const body = (await columnsOf(db, table)).includes("body") ? "octet_length(t.body)" : "0";
  const { results } = await db
    .prepare(
      `with first as (
         select t.rowid as id, ${body} as size from "${table}" t where t.rowid > ?1 and ${kept.where ?? "true"}
         order by t.rowid limit ?2),
       page as (select id, sum(size) over (order by id rows between unbounded preceding and 1 preceding) as before from first)
       select t.rowid as "_rowid", t.* from "${table}" t
       where t.rowid in (select id from page where coalesce(before, 0) < ?3) order by t.rowid`,
    )
    .bind(after, ROWS_A_PAGE, BYTES_A_PAGE)
    .all<TableRow>();
  const last = results.at(-1);
  const rows = results.map(({ _rowid, ...row }) => {
    for (const column of kept.without ?? []) row[column] = null;
    return row;
  });
  return { rows, next: last ? Number(last._rowid) : null };
}

/** A value may have 2 MB. */
const CHARS_A_STATEMENT = 900_000;

function* chunksOf(rows: readonly TableRow[]): Generator<string> {
  let chunk: string[] = [];
  let chars = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (chunk.length > 0 && chars + text.length > CHARS_A_STATEMENT) {
      yield `[${chunk.join(",")}]`;
      chunk = [];
      chars = 0;
    }
    chunk.push(text);
    chars += text.length;
  }
  if (chunk.length > 0) yield `[${chunk.join(",")}]`;
}

/** In place of rows of the same key, so that a page may be sent again. Columns that a row lacks take their defaults. */
export async function writeTable(db: D1Database, table: string, rows: readonly TableRow[]): Promise<void> {
  const { becomes = {} } = keptTable(table)!;
  const known = await columnsOf(db, table);
  const named = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const strange = named.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new AppError(
      "invalid",
      `${table} has no column ${strange}; the backup is of a newer version: deploy that first`,
    );
  }
  const values = named.map((name) => {
    const value = `value->>'$.${name}'`;
    return becomes[name]?.replace(/\bv\b/, value) ?? value;
  });
  const columns = named.map((name) => `"${name}"`).join(", ");
  const insert = db.prepare(
    `insert or replace into "${table}" (${columns}) select ${values.join(", ")} from json_each(?1)`,
  );
  const statements = [...chunksOf(rows)].map((chunk) => insert.bind(chunk));
  if (statements.length > 0) await db.batch(statements);
}

/** Name of the last migration that the database went through. */
export async function lastMigration(db: D1Database): Promise<string> {
  const row = await db.prepare("select max(name) as name from d1_migrations").first<{ name: string | null }>();
  return row?.name ?? "";
}
