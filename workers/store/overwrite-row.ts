// Deleted bytes stay readable in a database's pages: a body is overwritten by as many blanks, in place, before the row is
// written anew or removed. One batch, so that nobody reads blanks.

interface Row {
  rowid: number;
  body: string;
}

type Table = "raw_events" | "rollups" | "quarantined" | "history_days";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** False when the row was changed meanwhile. `next` null removes it. */
export async function overwriteRow(
  db: D1Database,
  table: Table,
  { rowid, body }: Row,
  next: { body: string; count?: number } | null,
): Promise<boolean> {
  const blank = " ".repeat(bytesOf(body));
  const blanked = db.prepare(`update ${table} set body = ?3 where rowid = ?1 and body = ?2`).bind(rowid, body, blank);
  const own = `where rowid = ?1 and body = ?2`;
  const last = next
    ? db
        .prepare(`update ${table} set body = ?3${next.count === undefined ? "" : ", count = ?4"} ${own}`)
        .bind(rowid, blank, next.body, ...(next.count === undefined ? [] : [next.count]))
    : db.prepare(`delete from ${table} ${own}`).bind(rowid, blank);
  const [first] = await db.batch([blanked, last]);
  return (first?.meta.changes ?? 0) > 0;
}
