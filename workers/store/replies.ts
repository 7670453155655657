// Replies that are given again to who repeats a request. SQL settles which of several at once is carried out.
import { and, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { replies } from "./schema/index.ts";

/** How long a key is remembered. */
export const REPLIES_KEPT_MS = 24 * 3600_000;
/** After this a request that never came to an end no longer holds its key. */
const CLAIM_MS = 120_000;

export interface Keyed {
  actor: string;
  path: string;
  key: string;
}

/** `claimed`: it is for the asker to carry out · `running`: another does · or what was answered. */
export type Claim = "claimed" | "running" | "other body" | { reply: string };

const of = ({ actor, path, key }: Keyed) => and(eq(replies.actor, actor), eq(replies.path, path), eq(replies.key, key));

export async function claimKey(
  db: D1Database,
  keyed: Keyed,
  { body, now }: { body: string; now: number },
): Promise<Claim> {
  const claimed = await db
    .prepare(
      `insert into replies (actor, path, key, body, claimed_at) values (?1, ?2, ?3, ?4, ?5)
       on conflict do update set body = ?4, reply = null, claimed_at = ?5
       where claimed_at < ?6 or (reply is null and claimed_at < ?7) returning key`,
    )
    .bind(keyed.actor, keyed.path, keyed.key, body, now, now - REPLIES_KEPT_MS, now - CLAIM_MS)
    .first();
  if (claimed) return "claimed";
  const [row] = await drizzle(db).select().from(replies).where(of(keyed));
  if (row && row.body !== body) return "other body";
  return row?.reply == null ? "running" : { reply: row.reply };
}

export async function keepReply(db: D1Database, keyed: Keyed, reply: string): Promise<void> {
  await drizzle(db).update(replies).set({ reply }).where(of(keyed));
}

/** Of a request that made nothing, so that it may be sent again, mended. */
export async function releaseKey(db: D1Database, keyed: Keyed): Promise<void> {
  await drizzle(db).delete(replies).where(of(keyed));
}

export async function forgetReplies(db: D1Database, now: number): Promise<void> {
  await drizzle(db)
    .delete(replies)
    .where(lt(replies.claimedAt, now - REPLIES_KEPT_MS));
}
