// One at a time changes a site's archive, and while somebody does the site's shards stay as they are: files, manifest and
// shards share no transaction, and what one hand sweeps away another may just have written.
import { AppError } from "../../domain/errors.ts";
import type { Site } from "../../domain/site.ts";

/** After a crash the next one waits so long. */
const HELD_MS = 20_000;
const TRIES = 30;
const LOOK_AGAIN_MS = 100;

/** To be called before each step that cannot be taken back; throws when the turn is another's. */
export type KeepTurn = () => Promise<void>;

/** As SQL over a site's id and a moment: nobody is at its archive. */
export const nobodyArchives = (siteId: string, now: string): string =>
  `not exists (select 1 from archive_turns where site_id = ${siteId} and until > ${now})`;

async function takeTurn(db: D1Database, { id, epoch }: Pick<Site, "id" | "epoch">, holder: string): Promise<boolean> {
  const now = Date.now();
  const { meta } = await db
    .prepare(
      `insert into archive_turns (site_id, holder, until) select id, ?2, ?3 from sites
       where id = ?1 and epoch = ?4 and next_shards is null
       on conflict do update set holder = excluded.holder, until = excluded.until where until <= ?5`,
    )
    .bind(id, holder, now + HELD_MS, epoch, now)
    .run();
  return meta.changes > 0;
}

/** Waits a little for its turn; a conflict when it does not come, or visitors move. */
export async function inArchiveTurn<T>(
  db: D1Database,
  site: Pick<Site, "id" | "epoch">,
  work: (keep: KeepTurn) => Promise<T>,
): Promise<T> {
  const holder = crypto.randomUUID();
  for (let tries = 1; !(await takeTurn(db, site, holder)); tries++) {
    if (tries === TRIES) {
      throw new AppError("conflict", "the archive is being changed, or visitors move; ask again in a minute");
    }
    await scheduler.wait(LOOK_AGAIN_MS);
  }
  const own = "where site_id = ?1 and holder = ?2";
  try {
    return await work(async () => {
      const now = Date.now();
      const kept = await db
        .prepare(`update archive_turns set until = ?3 ${own} and until > ?4`)
        .bind(site.id, holder, now + HELD_MS, now)
        .run();
      if (kept.meta.changes === 0) throw new AppError("conflict", "another hand is at the archive; ask again");
    });
  } finally {
    await db.prepare(`delete from archive_turns ${own}`).bind(site.id, holder).run();
  }
}
