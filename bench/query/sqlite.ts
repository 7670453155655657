// SQLite with a row per event, and the indexes that a sensible person would give it.

import { DatabaseSync } from "node:sqlite";
import type { Reference } from "../reference/events.ts";
import type { SqlDatabase } from "./databases.ts";
import type { Row } from "./questions.ts";
import { COLUMNS, CREATE_TABLE, eachRow } from "./row-table.ts";

const SETTINGS = ["journal_mode = off", "synchronous = off", "cache_size = -500000", "temp_store = memory"];
const INDEXES = ["visitor, ts", "visit, ts", "name, ts", "ts"];

export async function openSqlite(file: string, reference: Reference): Promise<SqlDatabase> {
  const db = new DatabaseSync(file);
  for (const setting of SETTINGS) db.exec(`pragma ${setting}`);
  db.exec(CREATE_TABLE);
  const names = Object.keys(COLUMNS);
  const insert = db.prepare(`insert into events values (${names.map(() => "?").join(", ")})`);
  db.exec("begin");
  eachRow(
    reference,
    (values) => void insert.run(...values),
    () => db.exec("commit; begin"),
  );
  db.exec("commit");
  INDEXES.forEach((columns, i) => void db.exec(`create index events_${i} on events (${columns})`));
  db.exec("analyze");
  const { bytes } = db
    .prepare("select page_count * page_size as bytes from pragma_page_count, pragma_page_size")
    .get() as { bytes: number }; // the columns of the statement
  return {
    name: "SQLite",
    bytes,
    ask: async (sql) => db.prepare(sql).all() as Row[], // rows of any shape
    close: async () => db.close(),
  };
}
