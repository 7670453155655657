// People and their sessions, as the doors ask for them. How they are made is better-auth's: durable-objects/sign-in.
import { and, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Actor, Membership, Person } from "../domain/access.ts";
import { members, people, signIns } from "./schema/index.ts";

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
