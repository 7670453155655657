// The passkeys that people have made. Who checks what they sign is durable-objects/sign-in.
import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { passkeys } from "./schema/index.ts";

export type Passkey = typeof passkeys.$inferSelect;

const MOST_A_PERSON = 20;

export async function listPasskeys(db: D1Database, personId: string): Promise<Passkey[]> {
  return drizzle(db)
    .select()
    .from(passkeys)
    .where(eq(passkeys.personId, personId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
}

export async function findPasskey(db: D1Database, id: string): Promise<Passkey | null> {
  const rows = await drizzle(db).select().from(passkeys).where(eq(passkeys.id, id));
  return rows[0] ?? null;
}

/** False when the device's key is known already, or the person has as many as one may have. */
export async function addPasskey(db: D1Database, passkey: Passkey): Promise<boolean> {
  const { id, personId, label, publicKey, counter, transports, createdAt } = passkey;
  const added = await db
    .prepare(
      `insert into passkeys (id, person_id, label, public_key, counter, transports, created_at)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7 where (select count(*) from passkeys where person_id = ?2) < ${MOST_A_PERSON}
       on conflict do nothing returning id`,
    )
    .bind(id, personId, label, publicKey, counter, JSON.stringify(transports), createdAt)
    .first();
  return added !== null;
}

/** The count never goes back, whichever of two uses is written last. */
export async function notePasskeyUse(db: D1Database, id: string, use: { counter: number; at: number }): Promise<void> {
  await drizzle(db)
    .update(passkeys)
    .set({ counter: sql`max(${passkeys.counter}, ${use.counter})`, lastUsedAt: use.at })
    .where(eq(passkeys.id, id));
}

export async function removePasskey(db: D1Database, personId: string, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(passkeys)
    .where(and(eq(passkeys.personId, personId), eq(passkeys.id, id)))
    .returning({ id: passkeys.id });
  return gone.length > 0;
}
