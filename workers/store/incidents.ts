import { and, asc, desc, eq, gte, lt, ne, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Incident, IncidentEntry, IncidentState, Severity } from "../domain/alert.ts";
import type { SiteId } from "../domain/site.ts";
import { incidentEntries, incidents } from "./schema/index.ts";

const own = (siteId: SiteId, id: string) => and(eq(incidents.siteId, siteId), eq(incidents.id, id));

/** Those kept before they could be given to somebody, or grouped, were not. */
const incidentOf = ({ body }: { body: Incident }): Incident => ({
  ...body,
  assignee: body.assignee ?? null,
  group: body.group ?? null,
});

export interface IncidentFilter {
  state: IncidentState | "open" | "all";
  severity?: Severity | undefined;
  ruleId?: string | undefined;
  /** Those told with this one. */
  group?: string | undefined;
  /** Milliseconds; those that were open at some moment between. */
  from?: number | undefined;
  until?: number | undefined;
}

function passing({ state, severity, ruleId, group, from, until }: IncidentFilter) {
  const { body } = incidents;
  const stateIs = state === "open" ? ne(incidents.state, "resolved") : eq(incidents.state, state as IncidentState); // open and all are not looked for by name
  return and(
    state === "all" ? undefined : stateIs,
    severity && sql`${body} ->> 'severity' = ${severity}`,
    ruleId === undefined ? undefined : eq(incidents.ruleId, ruleId),
    group === undefined ? undefined : sql`${body} ->> 'group' = ${group}`,
    until === undefined ? undefined : lt(incidents.openedAt, until),
    from === undefined ? undefined : or(ne(incidents.state, "resolved"), gte(sql`${body} ->> 'changedAt'`, from)),
  );
}

/** Newest first. */
export async function listIncidents(
  db: D1Database,
  siteId: SiteId,
  asked: IncidentFilter & { before: readonly (string | number)[] | null; limit: number },
): Promise<Incident[]> {
  const { before, limit } = asked;
  const [openedAt, id] = before ?? [];
  const rows = await drizzle(db)
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.siteId, siteId),
        passing(asked),
        before ? sql`(${incidents.openedAt}, ${incidents.id}) < (${openedAt}, ${id})` : undefined,
      ),
    )
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
    .limit(limit);
  return rows.map(incidentOf);
}

export async function findIncident(db: D1Database, siteId: SiteId, id: string): Promise<Incident | null> {
  const [row] = await drizzle(db).select().from(incidents).where(own(siteId, id));
  return row ? incidentOf(row) : null;
}

const MOST_ENTRIES = 500;
const MOST_PAST_ENTRIES = 20_000;

/** Oldest first; of one moment as they were written. */
export async function listEntries(db: D1Database, siteId: SiteId, incidentId: string): Promise<IncidentEntry[]> {
  const rows = await drizzle(db)
    .select()
    .from(incidentEntries)
    .where(and(eq(incidentEntries.siteId, siteId), eq(incidentEntries.incidentId, incidentId)))
    .orderBy(asc(incidentEntries.at), sql`rowid`)
    .limit(MOST_ENTRIES);
  return rows.map(({ siteId: _, incidentId: __, author: ___, ...entry }) => entry);
}

export async function addNote(
  db: D1Database,
  siteId: SiteId,
  { incidentId, ...entry }: IncidentEntry & { incidentId: string; author: string },
): Promise<void> {
  await drizzle(db)
    .insert(incidentEntries)
    .values({ siteId, incidentId, ...entry });
}

/** Of the incidents that fired since then: what happened to each, in order. Notes only by their kind. */
export async function entriesSince(
  db: D1Database,
  siteId: SiteId,
  since: number,
): Promise<(Pick<IncidentEntry, "at" | "kind" | "by" | "value"> & { incidentId: string; ruleId: string })[]> {
  const { results } = await db
    .prepare(
      `select e.incident_id as incidentId, i.rule_id as ruleId, e.at, e.kind, e.by, e.value
       from incidents i join incident_entries e on e.site_id = i.site_id and e.incident_id = i.id
       where i.site_id = ?1 and i.opened_at >= ?2 order by e.incident_id, e.at, e.rowid limit ?3`,
    )
    .bind(siteId, since, MOST_PAST_ENTRIES)
    .all<Pick<IncidentEntry, "at" | "kind" | "by" | "value"> & { incidentId: string; ruleId: string }>();
  return results;
}

/** With all that happened to them. What is open stays, however old. */
export async function pruneIncidents(db: D1Database, before: number): Promise<void> {
  const old = "state = 'resolved' and opened_at < ?1";
  await db.batch([
    db
      .prepare(
        `delete from incident_entries where (site_id, incident_id) in (select site_id, id from incidents where ${old})`,
      )
      .bind(before),
    db.prepare(`delete from incidents where ${old}`).bind(before),
  ]);
}
