// Boards, funnels, annotations, rules for data, who is on call, reports, and what they are held against, in their one table. Each change names the version that it was made from, and SQL settles
// which of two is first.
import { and, eq, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AnnotationBody } from "../domain/annotation.ts";
import type { BenchmarkSet } from "../domain/benchmark.ts";
import type { NewBoard } from "../domain/board.ts";
import type { NewFunnel } from "../domain/funnel.ts";
import type { NewEscalationPolicy, NewRotation } from "../domain/on-call.ts";
import type { QualityRule } from "../domain/quality-rule.ts";
import type { NewReport } from "../domain/report.ts";
import type { Author, Resource } from "../domain/resource.ts";
import type { SiteId } from "../domain/site.ts";
import { resources } from "./schema/index.ts";

/** Of one kind, at one site. */
export const MOST_RESOURCES = 1000;

export interface ResourceBodies {
  board: NewBoard;
  funnel: NewFunnel;
  annotation: AnnotationBody;
  quality_rule: QualityRule;
  rotation: NewRotation;
  escalation_policy: NewEscalationPolicy;
  report: NewReport;
  benchmark_set: BenchmarkSet;
}

export type ResourceKind = keyof ResourceBodies;
interface Known extends Resource {
  createdBy: Author;
}
export type Kept<Kind extends ResourceKind> = ResourceBodies[Kind] & Known;

/** Which ones: of a site, of one kind. */
export interface Shelf<Kind extends ResourceKind> {
  siteId: SiteId;
  kind: Kind;
}

export interface ListAsked {
  /** Creation time and id of the one before. */
  after: readonly (string | number)[] | null;
  limit: number;
  /** What else must hold. */
  where?: SQL | undefined;
}

/** Null takes any version. */
export type VersionAsked = number | null;

type Row = typeof resources.$inferSelect;

function keptOf<Kind extends ResourceKind>(row: Row): Kept<Kind> {
  const { id, version, createdAt, updatedAt } = row;
  const siteId = row.siteId as SiteId; // checked when written
  const body = row.body as ResourceBodies[Kind]; // written below, by its kind
  return { ...body, id, siteId, version, createdBy: { id: row.createdBy, name: row.authorName }, createdAt, updatedAt };
}

export const onShelf = <Kind extends ResourceKind>({ siteId, kind }: Shelf<Kind>): SQL | undefined =>
  and(eq(resources.siteId, siteId), eq(resources.kind, kind));

/** Those that follow in order of age. */
export function laterThan(after: ListAsked["after"]): SQL | undefined {
  const [createdAt, id] = after ?? [];
  return after ? sql`(${resources.createdAt}, ${resources.id}) > (${createdAt}, ${id})` : undefined;
}

/** Oldest first. */
export async function listResources<Kind extends ResourceKind>(
  db: D1Database,
  shelf: Shelf<Kind>,
  { after, limit, where }: ListAsked,
): Promise<Kept<Kind>[]> {
  const rows = await drizzle(db)
    .select()
    .from(resources)
    .where(and(onShelf(shelf), laterThan(after), where))
    .orderBy(resources.createdAt, resources.id)
    .limit(limit);
  return rows.map((row) => keptOf<Kind>(row));
}

/** All that a question may name. */
export function listFunnels(db: D1Database, siteId: SiteId): Promise<Kept<"funnel">[]> {
  return listResources(db, { siteId, kind: "funnel" }, { after: null, limit: MOST_RESOURCES });
}

/** All that a site's data is checked by. */
export function listRules(db: D1Database, siteId: SiteId): Promise<Kept<"quality_rule">[]> {
  return listResources(db, { siteId, kind: "quality_rule" }, { after: null, limit: MOST_RESOURCES });
}

export async function findResource<Kind extends ResourceKind>(
  db: D1Database,
  shelf: Shelf<Kind>,
  id: string,
): Promise<Kept<Kind> | null> {
  const [row] = await drizzle(db)
    .select()
    .from(resources)
    .where(and(onShelf(shelf), eq(resources.id, id)));
  return row ? keptOf<Kind>(row) : null;
}

/** Null when the site has as many as it may. */
export async function addResource<Kind extends ResourceKind>(
  db: D1Database,
  { siteId, kind }: Shelf<Kind>,
  made: { body: ResourceBodies[Kind]; author: Author; now: number },
): Promise<Kept<Kind> | null> {
  const { body, author, now } = made;
  const id = crypto.randomUUID();
  const row = await db
    .prepare(
      `insert into resources (site_id, kind, id, body, version, created_by, author_name, created_at, updated_at)
       select ?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?7
       where (select count(*) from resources where site_id = ?1 and kind = ?2) < ?8 returning id`,
    )
    .bind(siteId, kind, id, JSON.stringify(body), author.id, author.name, now, MOST_RESOURCES)
    .first();
  return row && { ...body, id, siteId, version: 1, createdBy: author, createdAt: now, updatedAt: now };
}

/** Null when there is none, or none of that version. */
export async function changeResource<Kind extends ResourceKind>(
  db: D1Database,
  shelf: Shelf<Kind>,
  change: { id: string; body: ResourceBodies[Kind]; version: VersionAsked; now: number },
): Promise<Kept<Kind> | null> {
  const { id, body, version, now } = change;
  const [row] = await drizzle(db)
    .update(resources)
    .set({ body, version: sql`${resources.version} + 1`, updatedAt: now })
    .where(and(onShelf(shelf), eq(resources.id, id), version === null ? undefined : eq(resources.version, version)))
    .returning();
  return row ? keptOf<Kind>(row) : null;
}

/** False when there is none, or none of that version. */
export async function removeResource<Kind extends ResourceKind>(
  db: D1Database,
  shelf: Shelf<Kind>,
  { id, version }: { id: string; version: VersionAsked },
): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(resources)
    .where(and(onShelf(shelf), eq(resources.id, id), version === null ? undefined : eq(resources.version, version)))
    .returning({ id: resources.id });
  return gone.length > 0;
}
