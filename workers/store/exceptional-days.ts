import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Period } from "../domain/period.ts";
import type { SiteId } from "../domain/site.ts";
import { annotationsWithin } from "./annotations.ts";
import { resources } from "./schema/index.ts";

/** Whether a moment of the period lies on a day that was annotated as unlike others. */
export async function exceptionalDays(
  db: D1Database,
  siteId: SiteId,
  { from, to }: Period,
): Promise<(at: number) => boolean> {
  const isExceptional = sql`json_extract(${resources.body}, '$.exceptional')`;
  const spans = await drizzle(db)
    .select({
      from: sql<number>`json_extract(${resources.body}, '$.from')`,
      to: sql<number>`json_extract(${resources.body}, '$.to')`,
    })
    .from(resources)
    .where(
      and(
        eq(resources.siteId, siteId),
        eq(resources.kind, "annotation"),
        annotationsWithin(from, to),
        sql`${isExceptional} = 1`,
      ),
    );
  return (at) => spans.some((span) => at >= span.from && at <= span.to);
}
