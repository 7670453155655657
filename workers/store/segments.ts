import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { NewSegment, Segment } from "../domain/segment.ts";
import type { SiteId } from "../domain/site.ts";
import { segments } from "./schema/index.ts";

const COLUMNS = { id: segments.id, name: segments.name, filters: segments.filters };

export async function listSegments(db: D1Database, siteId: SiteId): Promise<Segment[]> {
  return drizzle(db).select(COLUMNS).from(segments).where(eq(segments.siteId, siteId)).orderBy(asc(segments.id));
}

export async function addSegment(db: D1Database, siteId: SiteId, segment: NewSegment): Promise<Segment> {
  const [row] = await drizzle(db)
    .insert(segments)
    .values({ siteId, ...segment })
    .returning(COLUMNS);
  return row!;
}

/** Null when the site has none of that number. */
export async function changeSegment(
  db: D1Database,
  siteId: SiteId,
  { id, ...segment }: Segment,
): Promise<Segment | null> {
  const own = and(eq(segments.siteId, siteId), eq(segments.id, id));
  const [row] = await drizzle(db).update(segments).set(segment).where(own).returning(COLUMNS);
  return row ?? null;
}

export async function removeSegment(db: D1Database, siteId: SiteId, id: number): Promise<boolean> {
  const own = and(eq(segments.siteId, siteId), eq(segments.id, id));
  return (await drizzle(db).delete(segments).where(own).returning()).length > 0;
}
