import { and, type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import { reportDeliveries, reportSchedules } from "./schema/index.ts";

/** Statements for a batch, each of them nothing unless `isGone`: whose account ends gets no reports, and none is told of that they got. */
export function forgetRecipient(store: DrizzleD1Database, email: string, isGone: SQL) {
  const { body } = reportSchedules;
  const list = sql`json_each(${body}, '$.recipients')`;
  const isThem = sql`lower(value ->> 'email') is ${email}`;
  return [
    store
      .update(reportSchedules)
      .set({
        body: sql`json_set(${body}, '$.recipients', (select json_group_array(json(value)) from ${list} where not (${isThem})))`,
      })
      .where(and(sql`exists (select 1 from ${list} where ${isThem})`, isGone)),
    store
      .delete(reportDeliveries)
      .where(and(sql`lower(${reportDeliveries.recipient} ->> 'email') is ${email}`, isGone)),
  ] as const;
}
