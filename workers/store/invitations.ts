import { and, asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Membership } from "../domain/access.ts";
import { invitations } from "./schema/index.ts";
import { hashToken, newToken } from "./tokens.ts";

export type Invitation = typeof invitations.$inferSelect;

const LASTS_MS = 7 * 24 * 3600_000;

/** Makes an invitation and the token of its link, which can be shown this once. A second to the same address replaces the first. */
export async function createInvitation(
  db: D1Database,
  invitation: Membership & { email: string },
  now: number,
): Promise<{ invitation: Invitation; token: string }> {
  const token = newToken("ewi_");
  const row = {
    ...invitation,
    hash: await hashToken(token),
    id: crypto.randomUUID(),
    createdAt: now,
    expiresAt: now + LASTS_MS,
  };
  const { teamId, email } = invitation;
  const store = drizzle(db);
  await store.batch([
    store.delete(invitations).where(and(eq(invitations.teamId, teamId), eq(invitations.email, email))),
    store.insert(invitations).values(row),
  ]);
  return { invitation: row, token };
}

export async function listInvitations(db: D1Database, teamId: string, now: number): Promise<Invitation[]> {
  return drizzle(db)
    .select()
    .from(invitations)
    .where(and(eq(invitations.teamId, teamId), gt(invitations.expiresAt, now)))
    .orderBy(asc(invitations.createdAt));
}

/** Null once it was accepted, withdrawn or has expired. */
export async function findInvitation(db: D1Database, token: string, now: number): Promise<Invitation | null> {
  const rows = await drizzle(db)
    .select()
    .from(invitations)
    .where(eq(invitations.hash, await hashToken(token)));
  return rows[0] && rows[0].expiresAt > now ? rows[0] : null;
}

/** Every open invitation to the address. */
export async function invitationsFor(db: D1Database, email: string, now: number): Promise<Invitation[]> {
  return drizzle(db)
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email), gt(invitations.expiresAt, now)));
}

/** False when it is gone already: of two who accept at once, one does. */
export async function takeInvitation(db: D1Database, teamId: string, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(invitations)
    .where(and(eq(invitations.teamId, teamId), eq(invitations.id, id)))
    .returning({ id: invitations.id });
  return gone.length > 0;
}
