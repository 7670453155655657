import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { CANARY } from "../domain/canary.ts";
import { AppError } from "../domain/errors.ts";
import { completePii } from "../domain/pii.ts";
import { DEFAULT_RETENTION, definedOf } from "../domain/retention.ts";
import type { NewSite, Site, SiteId } from "../domain/site.ts";
import { dropHeld } from "./held-a-moment.ts";
import { sites } from "./schema/index.ts";

const toSite = (row: typeof sites.$inferSelect): Site => ({
  ...row,
  id: row.id as SiteId, // checked when written
  // Rules that came later have their default.
  retention: { ...DEFAULT_RETENTION, ...row.retention },
  pii: completePii(row.pii),
});

export async function createSite(
  db: D1Database,
  { retention, ...site }: Omit<NewSite, "team"> & Pick<Site, "teamId">,
  now: number,
): Promise<Site> {
  if (site.id === CANARY.id)
    throw new AppError("conflict", `the id ${site.id} is the product's own; choose another id`);
  const rows = await drizzle(db)
    .insert(sites)
    .values({
      ...site,
      name: site.name ?? site.id,
      retention: { ...DEFAULT_RETENTION, ...definedOf(retention) },
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning();
  const row = rows[0];
  if (!row) throw new AppError("conflict", `a site with the id ${site.id} exists; choose another id`);
  return toSite(row);
}

export async function listSites(db: D1Database): Promise<Site[]> {
  const rows = await drizzle(db).select().from(sites).orderBy(asc(sites.name));
  return rows.map(toSite);
}

export async function findSite(db: D1Database, id: SiteId): Promise<Site | null> {
  if (id === CANARY.id) return CANARY;
  const rows = await drizzle(db).select().from(sites).where(eq(sites.id, id));
  return rows[0] ? toSite(rows[0]) : null;
}

export async function updateSite(db: D1Database, id: SiteId, patch: Partial<Omit<Site, "id">>): Promise<Site | null> {
  if (Object.keys(patch).length === 0) return findSite(db, id);
  const rows = await drizzle(db).update(sites).set(patch).where(eq(sites.id, id)).returning();
  return rows[0] ? toSite(rows[0]) : null;
}

const CACHE_MS = 30_000;
const MISSING_MS = 5_000;
const cache = new Map<string, { site: Site | null; until: number }>();

/** The site as collect needs it: at most 30 s old, 5 s for an unknown id, so that a new site's first beacon counts. */
export async function cachedSite(db: D1Database, id: SiteId, now: number): Promise<Site | null> {
  const held = heldSite(id, now);
  if (held !== undefined) return held;
  const site = await findSite(db, id);
  if (cache.size > 5_000) cache.clear();
  cache.set(id, { site, until: now + (site ? CACHE_MS : MISSING_MS) });
  return site;
}

/** The same without waiting, of an id as sent; undefined when it has to be looked up. */
export function heldSite(id: string, now: number): Site | null | undefined {
  const held = cache.get(id);
  return held && held.until > now ? held.site : undefined;
}

/** After a change on this isolate; others follow within 30 s. */
export function forgetSite(id: SiteId): void {
  cache.delete(id);
  dropHeld();
}
