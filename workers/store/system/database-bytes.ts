/** What the database takes, as D1 tells with every answer. */
export async function databaseBytes(db: D1Database): Promise<number> {
  const { meta } = await db.prepare("select 1").all();
  return meta.size_after;
}
