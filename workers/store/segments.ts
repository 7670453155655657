import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { KeptSegment, NewSegment } from "../domain/segment.ts";
import type { SiteId } from "../domain/site.ts";
import { segments } from "./schema/index.ts";

const COLUMNS = { id: segments.id, name: segments.name, filters: segments.filters, version: segments.version };

export async function listSegments(db: D1Database, siteId: SiteId): Promise<KeptSegment[]> {
  return drizzle(db).select(COLUMNS).from(segments).where(eq(segments.siteId, siteId)).orderBy(asc(segments.id));
}

export async function addSegment(db: D1Database, siteId: SiteId, segment: NewSegment): Promise<KeptSegment> {
  const [row] = await drizzle(db)
    .insert(segments)
    .values({ siteId, ...segment })
    .returning(COLUMNS);
  return row!;
}

interface Wanted {
  id: number;
  /** Null takes any. */
  version: number | null;
}

const own = (siteId: SiteId, { id, version }: Wanted) =>
  and(eq(segments.siteId, siteId), eq(segments.id, id), version === null ? undefined : eq(segments.version, version));

/** Null when the site has none of that number and version. */
export async function changeSegment(
  db: D1Database,
  siteId: SiteId,
  { segment, ...wanted }: Wanted & { segment: NewSegment },
): Promise<KeptSegment | null> {
  const set = { ...segment, version: sql`${segments.version} + 1` };
  const [row] = await drizzle(db).update(segments).set(set).where(own(siteId, wanted)).returning(COLUMNS);
  return row ?? null;
}

export async function removeSegment(db: D1Database, siteId: SiteId, wanted: Wanted): Promise<boolean> {
  return (await drizzle(db).delete(segments).where(own(siteId, wanted)).returning()).length > 0;
}
