import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AnnotationComment } from "../domain/annotation.ts";
import type { Author } from "../domain/resource.ts";
import type { SiteId } from "../domain/site.ts";
import { comments } from "./schema/index.ts";

/** To one annotation. */
const MOST = 200;

/** By annotation, oldest first. */
export async function listComments(
  db: D1Database,
  siteId: SiteId,
  annotations: readonly string[],
): Promise<Map<string, AnnotationComment[]>> {
  // One parameter, however many there are.
  const wanted = sql`(select value from json_each(${JSON.stringify(annotations)}))`;
  const rows = await drizzle(db)
    .select()
    .from(comments)
    .where(and(eq(comments.siteId, siteId), sql`${comments.annotationId} in ${wanted}`))
    .orderBy(asc(comments.createdAt), asc(comments.id));
  const told = rows.map(({ annotationId, id, text, createdBy, authorName, createdAt }) => {
    return { annotationId, comment: { id, text, by: { id: createdBy, name: authorName }, at: createdAt } };
  });
  return new Map(
    [...Map.groupBy(told, ({ annotationId }) => annotationId)].map(([id, all]) => [
      id,
      all.map(({ comment }) => comment),
    ]),
  );
}

/** Null when the annotation is gone meanwhile, or has as many as it may. */
export async function addComment(
  db: D1Database,
  { siteId, annotationId }: { siteId: SiteId; annotationId: string },
  { text, author, now }: { text: string; author: Author; now: number },
): Promise<AnnotationComment | null> {
  const id = crypto.randomUUID();
  const row = await db
    .prepare(
      `insert into comments (id, site_id, annotation_id, text, created_by, author_name, created_at)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7
       where exists (select 1 from resources where site_id = ?2 and kind = 'annotation' and id = ?3)
         and (select count(*) from comments where site_id = ?2 and annotation_id = ?3) < ?8 returning id`,
    )
    .bind(id, siteId, annotationId, text, author.id, author.name, now, MOST)
    .first();
  return row && { id, text, by: author, at: now };
}

/** False when there is none of one of these authors. */
export async function removeComment(
  db: D1Database,
  { siteId, annotationId, id }: { siteId: SiteId; annotationId: string; id: string },
  authors: readonly string[],
): Promise<boolean> {
  const own = and(
    eq(comments.siteId, siteId),
    eq(comments.annotationId, annotationId),
    eq(comments.id, id),
    inArray(comments.createdBy, [...authors]),
  );
  return (await drizzle(db).delete(comments).where(own).returning({ id: comments.id })).length > 0;
}

export async function forgetComments(db: D1Database, siteId: SiteId, annotationId: string): Promise<void> {
  await drizzle(db)
    .delete(comments)
    .where(and(eq(comments.siteId, siteId), eq(comments.annotationId, annotationId)));
}
