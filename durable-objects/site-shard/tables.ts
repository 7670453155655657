// The object's own SQLite. Text bodies are packed events as JSON, without the outer brackets, so that rows join by comma.

const TABLES = `
create table if not exists facts (name text primary key, value text not null) without rowid;
create table if not exists log (
  seq integer primary key,
  import_id text not null,
  at_min integer not null,
  at_max integer not null,
  received_at integer not null,
  count integer not null,
  body text not null
);
create table if not exists segments (
  id integer primary key autoincrement,
  import_id text not null,
  at_min integer not null,
  at_max integer not null,
  received_at integer not null,
  count integer not null,
  body blob not null
);
create table if not exists pieces (id integer primary key, body blob not null);
create table if not exists seen_recent (id integer primary key, newest integer not null, words blob not null);
create table if not exists seen_runs (
  id integer primary key autoincrement,
  count integer not null,
  pages integer not null,
  oldest integer not null,
  newest integer not null,
  probes integer not null,
  state integer not null
);
create table if not exists seen_pages (id integer primary key, words blob not null);
create table if not exists seen_filters (id integer primary key, words blob not null);
create table if not exists taken_lines (import_id text, part integer, ranges text not null, primary key (import_id, part)) without rowid;
create table if not exists open_sessions (part integer primary key, sessions text not null);
create table if not exists dirty (start integer primary key);
create table if not exists strip (start integer primary key, pageviews integer not null, events integer not null);
create table if not exists given (from_lead integer primary key, to_lead integer not null, state text not null, events integer not null);
create table if not exists taken_pieces (
  old_shard integer primary key,
  new_shard integer not null,
  from_lead integer not null,
  to_lead integer not null,
  state text not null,
  arrival integer not null,
  segment integer not null,
  "row" integer not null,
  seq integer not null,
  ids_before integer not null,
  events integer not null
);
create table if not exists taken_segments (segment integer primary key, old_shard integer not null);
create table if not exists archived (key text primary key, state text not null, file text not null) without rowid;
create table if not exists gone_days (day integer primary key);
create table if not exists thawed (key text not null, segment integer not null);
create table if not exists erasing (id text primary key, subject text not null) without rowid;
create table if not exists erased_rolls (
  id integer primary key,
  from_shard integer not null,
  grain text not null,
  bucket integer not null,
  time_zone text not null,
  body text not null
);
create index if not exists erased_rolls_by_bucket on erased_rolls (grain, bucket);
create table if not exists drops (hour integer, reason text, count integer not null, primary key (hour, reason)) without rowid;
create table if not exists held (seq integer primary key, received_at integer not null, count integer not null, ids text not null, body text not null);
create table if not exists violations (
  hour integer, event text, property text, rule text, mode text, count integer not null, sample text not null,
  primary key (hour, event, property, rule, mode)
) without rowid;
create table if not exists pii_found (hour integer, name text, count integer not null, primary key (hour, name)) without rowid;
`;

/**
 * Of a segment: the run it belongs to, 0 for one by itself; the first segment whose events it holds, for the order of arrival;
 * and whether it counts: one being written does not yet, one that was replaced no longer.
 */
const ADDED = [
  "alter table segments add column run integer not null default 0",
  "alter table segments add column arrival integer not null default 0",
  "alter table segments add column live integer not null default 1",
];

export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES);
  const known = sql.exec("select 1 from pragma_table_info('segments') where name = 'run'").toArray();
  if (known.length === 0) for (const statement of ADDED) sql.exec(statement);
}

/** Small facts of the object: who it is, how far the outbox is. Values are JSON. */
export function readFact<T>(sql: SqlStorage, name: string): T | undefined {
  const row = sql.exec<{ value: string }>("select value from facts where name = ?", name).toArray()[0];
  return row ? (JSON.parse(row.value) as T) : undefined; // written by writeFact with the same name
}

export function writeFact(sql: SqlStorage, name: string, value: unknown): void {
  sql.exec(
    "insert into facts values (?, ?) on conflict do update set value = excluded.value",
    name,
    JSON.stringify(value),
  );
}
