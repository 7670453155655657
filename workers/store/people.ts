// People and their sessions, as the doors ask for them. How they are made is better-auth's: durable-objects/sign-in.
import { and, asc, desc, eq, gt, ne, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Actor, Membership, Person } from "../domain/access.ts";
import { forgetAuthor } from "./authors.ts";
import { forgetRecipient } from "./report-recipients.ts";
import { members, passkeys, people, signInMethods, signIns, verifications } from "./schema/index.ts";

export type PersonActor = Extract<Actor, { kind: "person" }>;

const person = { id: people.id, name: people.name, email: people.email };
const membership = { teamId: members.teamId, role: members.role, scopes: members.scopes };

interface Joined {
  person: Person;
  membership: Membership | null;
}

function toActor(rows: Joined[]): PersonActor | null {
  const first = rows[0];
  if (!first) return null;
  return { kind: "person", person: first.person, memberships: rows.flatMap((row) => row.membership ?? []) };
}

/** Whose session the token is, with their teams; null when it has ended. */
export async function findSession(db: D1Database, token: string, now: number): Promise<PersonActor | null> {
  const rows = await drizzle(db)
    .select({ person, membership })
    .from(signIns)
    .innerJoin(people, eq(people.id, signIns.userId))
    .leftJoin(members, eq(members.personId, people.id))
    .where(and(eq(signIns.token, token), gt(signIns.expiresAt, new Date(now))));
  return toActor(rows);
}

/** The person with that address, with their teams. */
export async function findPersonByEmail(db: D1Database, email: string): Promise<PersonActor | null> {
  const rows = await drizzle(db)
    .select({ person, membership })
    .from(people)
    .leftJoin(members, eq(members.personId, people.id))
    .where(eq(people.email, email));
  return toActor(rows);
}

export async function findPerson(db: D1Database, id: string): Promise<PersonActor | null> {
  const rows = await drizzle(db)
    .select({ person, membership })
    .from(people)
    .leftJoin(members, eq(members.personId, people.id))
    .where(eq(people.id, id));
  return toActor(rows);
}

export async function endSession(db: D1Database, token: string): Promise<void> {
  await drizzle(db).delete(signIns).where(eq(signIns.token, token));
}

/** The id of the person with that address, made now if there is none; without a password until they set one. */
export async function ensurePerson(db: D1Database, { email, name }: Omit<Person, "id">, now: number): Promise<string> {
  const at = new Date(now);
  const rows = await drizzle(db)
    .insert(people)
    .values({ id: crypto.randomUUID(), email, name, emailVerified: true, createdAt: at, updatedAt: at })
    .onConflictDoUpdate({ target: people.email, set: { emailVerified: true } })
    .returning({ id: people.id });
  const row = rows[0];
  if (!row) throw new Error(`no row came back for ${email}`);
  return row.id;
}

export async function renamePerson(db: D1Database, id: string, name: string): Promise<void> {
  await drizzle(db).update(people).set({ name, updatedAt: new Date() }).where(eq(people.id, id));
}

export async function hasPassword(db: D1Database, personId: string): Promise<boolean> {
  const rows = await drizzle(db)
    .select({ id: signInMethods.id })
    .from(signInMethods)
    .where(and(eq(signInMethods.userId, personId), sql`${signInMethods.password} is not null`));
  return rows.length > 0;
}

export type SignInSession = Pick<typeof signIns.$inferSelect, "id" | "token" | "userAgent" | "createdAt" | "expiresAt">;

/** Those that have not ended, the newest first. */
export async function listSessions(db: D1Database, personId: string, now: number): Promise<SignInSession[]> {
  const { id, token, userAgent, createdAt, expiresAt } = signIns;
  return drizzle(db)
    .select({ id, token, userAgent, createdAt, expiresAt })
    .from(signIns)
    .where(and(eq(signIns.userId, personId), gt(expiresAt, new Date(now))))
    .orderBy(desc(createdAt), asc(id));
}

export async function endSessionOf(db: D1Database, personId: string, id: string): Promise<boolean> {
  const ended = await drizzle(db)
    .delete(signIns)
    .where(and(eq(signIns.userId, personId), eq(signIns.id, id)))
    .returning({ id: signIns.id });
  return ended.length > 0;
}

/** All but the one with that token; all when there is none. */
export async function endOtherSessions(db: D1Database, personId: string, token: string | null): Promise<void> {
  await drizzle(db)
    .delete(signIns)
    .where(and(eq(signIns.userId, personId), token === null ? undefined : ne(signIns.token, token)));
}

const soleOwner = (personId: string): SQL => sql`
  select own.team_id from members as own where own.person_id = ${personId} and own.role = 'owner' and not exists
  (select 1 from members as other where other.team_id = own.team_id and other.role = 'owner' and other.person_id <> ${personId})`;

/**
 * With all that is kept of them, also as the `author` of what they made; false, and nothing is removed, while a team would be
 * left without an owner.
 */
export async function removePerson(db: D1Database, id: string, author: string): Promise<boolean> {
  const store = drizzle(db);
  const isGone = sql`not exists (select 1 from ${people} where ${people.id} = ${id})`;
  const named = { name: people.name, email: people.email };
  const [person] = await store.select(named).from(people).where(eq(people.id, id));
  const [gone] = await store.batch([
    store
      .delete(people)
      .where(and(eq(people.id, id), sql`not exists (${soleOwner(id)})`))
      .returning({ id: people.id }),
    store.delete(members).where(and(eq(members.personId, id), isGone)),
    store.delete(signIns).where(and(eq(signIns.userId, id), isGone)),
    store.delete(signInMethods).where(and(eq(signInMethods.userId, id), isGone)),
    store.delete(passkeys).where(and(eq(passkeys.personId, id), isGone)),
    // Of links that were not used yet.
    store.delete(verifications).where(and(eq(verifications.value, id), isGone)),
    ...forgetAuthor(store, { author, id, name: person?.name ?? "" }, isGone),
    ...forgetRecipient(store, person?.email ?? "", isGone),
  ]);
  return gone.length > 0;
}
