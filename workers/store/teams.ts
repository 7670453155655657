import { and, asc, count, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { MAIN_TEAM, type Membership, type Person } from "../domain/access.ts";
import { members, people, sites, teams } from "./schema/index.ts";

export type Team = typeof teams.$inferSelect;

export interface Member extends Omit<Membership, "teamId"> {
  id: string;
  name: string;
  email: string;
  createdAt: number;
}

/** Every deployment has it, whether or not it was ever named. */
const MAIN: Team = { id: MAIN_TEAM, name: "Main", createdAt: 0 };

export async function listTeams(db: D1Database): Promise<Team[]> {
  const rows = await drizzle(db).select().from(teams).orderBy(asc(teams.createdAt), asc(teams.id));
  return rows.some(({ id }) => id === MAIN_TEAM) ? rows : [MAIN, ...rows];
}

export async function findTeam(db: D1Database, id: string): Promise<Team | null> {
  const rows = await drizzle(db).select().from(teams).where(eq(teams.id, id));
  return rows[0] ?? (id === MAIN_TEAM ? MAIN : null);
}

export async function createTeam(db: D1Database, name: string, now: number): Promise<Team> {
  const team = { id: crypto.randomUUID(), name, createdAt: now };
  await drizzle(db).insert(teams).values(team);
  return team;
}

export async function renameTeam(db: D1Database, team: Team, name: string): Promise<Team> {
  await drizzle(db)
    .insert(teams)
    .values({ ...team, name })
    .onConflictDoUpdate({ target: teams.id, set: { name } });
  return { ...team, name };
}

/** False while sites are left in it; the last look and the removal are one statement. */
export async function removeTeam(db: D1Database, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(teams)
    .where(and(eq(teams.id, id), sql`not exists (select 1 from ${sites} where ${sites.teamId} = ${id})`))
    .returning();
  if (gone.length === 0) return false;
  await drizzle(db).delete(members).where(eq(members.teamId, id));
  return true;
}

export async function listMembers(db: D1Database, teamId: string): Promise<Member[]> {
  const { id, name, email } = people;
  const { role, scopes, createdAt } = members;
  return drizzle(db)
    .select({ id, name, email, role, scopes, createdAt })
    .from(members)
    .innerJoin(people, eq(people.id, members.personId))
    .where(eq(members.teamId, teamId))
    .orderBy(asc(createdAt), asc(email));
}

export async function findMember(db: D1Database, teamId: string, personId: string): Promise<Member | null> {
  const all = await listMembers(db, teamId);
  return all.find(({ id }) => id === personId) ?? null;
}

/** Who is in already keeps the role they have: an invitation takes nothing away, least of all a team's only owner. */
export async function addMember(db: D1Database, personId: string, membership: Membership, now: number): Promise<void> {
  await drizzle(db)
    .insert(members)
    .values({ ...membership, personId, createdAt: now })
    .onConflictDoNothing();
}

const ANOTHER_OWNER = (teamId: string, personId: string) =>
  sql`exists (select 1 from members as other where other.team_id = ${teamId} and other.role = 'owner' and other.person_id <> ${personId})`;

const thatMember = (teamId: string, personId: string) =>
  and(eq(members.teamId, teamId), eq(members.personId, personId));

/** False when the team would be left without an owner. */
export async function changeMember(db: D1Database, personId: string, membership: Membership): Promise<boolean> {
  const { teamId, role, scopes } = membership;
  const keepsOwner = sql`(${role} = 'owner' or ${members.role} <> 'owner' or ${ANOTHER_OWNER(teamId, personId)})`;
  const changed = await drizzle(db)
    .update(members)
    .set({ role, scopes })
    .where(and(thatMember(teamId, personId), keepsOwner))
    .returning({ id: members.personId });
  return changed.length > 0;
}

/** False when the team would be left without an owner. */
export async function removeMember(db: D1Database, teamId: string, personId: string): Promise<boolean> {
  const keepsOwner = sql`(${members.role} <> 'owner' or ${ANOTHER_OWNER(teamId, personId)})`;
  const gone = await drizzle(db)
    .delete(members)
    .where(and(thatMember(teamId, personId), keepsOwner))
    .returning({ id: members.personId });
  return gone.length > 0;
}

export async function hasMembers(db: D1Database): Promise<boolean> {
  const rows = await drizzle(db).select({ members: count() }).from(members);
  return (rows[0]?.members ?? 0) > 0;
}

/** Makes the person the deployment's first owner; false when somebody was sooner. */
export async function claimFirstOwner(db: D1Database, { id }: Pick<Person, "id">, now: number): Promise<boolean> {
  const made = await db
    .prepare(
      `insert into members (team_id, person_id, role, scopes, created_at)
       select ?1, ?2, 'owner', '[]', ?3 where not exists (select 1 from members) returning person_id`,
    )
    .bind(MAIN_TEAM, id, now)
    .first();
  return made !== null;
}
