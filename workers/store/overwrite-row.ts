// Deleted bytes stay readable in a database's pages: a body is overwritten by as many blanks, in place, before the row is
// written anew or removed. One batch, so that nobody reads blanks.

export interface HeldText {
  rowid: number;
  /** The text as it was read, whatever its column is called. */
  body: string;
}

type Table =
  | "raw_events"
  | "rollups"
  | "quarantined"
  | "history_days"
  | "alert_rules"
  | "incidents"
  | "incident_entries"
  | "notices";

type Column = "body" | "state" | "text" | "message" | "told" | "attempts";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** False when the row was changed meanwhile. `next` null removes it. */
export async function overwriteRow(
  db: D1Database,
  table: Table,
  { rowid, body, column = "body" }: HeldText & { column?: Column },
  next: { body: string; count?: number } | null,
): Promise<boolean> {
  const blank = " ".repeat(bytesOf(body));
  const own = `where rowid = ?1 and ${column} = ?2`;
  const blanked = db.prepare(`update ${table} set ${column} = ?3 ${own}`).bind(rowid, body, blank);
  const last = next
    ? db
        .prepare(`update ${table} set ${column} = ?3${next.count === undefined ? "" : ", count = ?4"} ${own}`)
        .bind(rowid, blank, next.body, ...(next.count === undefined ? [] : [next.count]))
    : db.prepare(`delete from ${table} ${own}`).bind(rowid, blank);
  const [first] = await db.batch([blanked, last]);
  return (first?.meta.changes ?? 0) > 0;
}
