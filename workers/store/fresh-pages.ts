// What was deleted or moved within a database stays readable in its free pages, in the unused part of pages, and in its log
// of writes. Neither VACUUM nor secure_delete is allowed; so rows go to another table and back, and what they left is written over.

/** In one go more than a log of writes holds before it begins anew from its start. */
const FIRST = { rows: 16, bytes: 1_000_000 };
/** So much the file grows at most each time. */
const REST_BYTES = 250_000;
/** Free pages of 100 MB; more are left to what is written next. */
const MOST_TURNS = 400;

const COLUMNS = "site_id, epoch, shard, seq, import_id, received_at, count, body";

/** Brings back what a crash left in the other table. */
export async function bringRawEventsBack(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare(`insert or ignore into raw_events (${COLUMNS}) select ${COLUMNS} from raw_shelter`),
    db.prepare("delete from raw_shelter"),
  ]);
}

/** All raw events leave their pages and come back to others. May be repeated; rows that come meanwhile stay. */
export async function moveRawEvents(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare(`insert or ignore into raw_shelter (${COLUMNS}) select ${COLUMNS} from raw_events`),
    db.prepare("delete from raw_events"),
  ]);
  await writeOverFreePages(db);
  await bringRawEventsBack(db);
}

/** The size of the database afterwards, bytes. */
async function fill(db: D1Database, { rows, bytes }: typeof FIRST): Promise<number> {
  const one = db.prepare("insert into filler (zeros) values (zeroblob(?1))").bind(bytes);
  const results = await db.batch(Array.from({ length: rows }, () => one));
  return results.at(-1)?.meta.size_after ?? 0;
}

/** Takes up free pages with zeros until the file has to grow. */
export async function writeOverFreePages(db: D1Database): Promise<void> {
  let before = await fill(db, FIRST);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const size = await fill(db, { rows: 1, bytes: REST_BYTES });
    if (size === 0 || size > before) break;
    before = size;
  }
  await db.prepare("delete from filler").run();
}
