import { and, asc, desc, eq, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Incident, IncidentEntry } from "../domain/alert.ts";
import type { SiteId } from "../domain/site.ts";
import { incidentEntries, incidents } from "./schema/index.ts";

const own = (siteId: SiteId, id: string) => and(eq(incidents.siteId, siteId), eq(incidents.id, id));

/** Newest first. */
export async function listIncidents(
  db: D1Database,
  siteId: SiteId,
  asked: { before: readonly (string | number)[] | null; limit: number; open: boolean },
): Promise<Incident[]> {
  const { before, limit, open } = asked;
  const [openedAt, id] = before ?? [];
  const rows = await drizzle(db)
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.siteId, siteId),
        open ? ne(incidents.state, "resolved") : undefined,
        before ? sql`(${incidents.openedAt}, ${incidents.id}) < (${openedAt}, ${id})` : undefined,
      ),
    )
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
    .limit(limit);
  return rows.map(({ body }) => body);
}

export async function findIncident(db: D1Database, siteId: SiteId, id: string): Promise<Incident | null> {
  const [row] = await drizzle(db).select().from(incidents).where(own(siteId, id));
  return row?.body ?? null;
}

const MOST_ENTRIES = 500;

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
