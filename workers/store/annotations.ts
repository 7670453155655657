import { and, type SQL, sql } from "drizzle-orm";
import { resources } from "./schema/index.ts";

/** Those that touch the time between two moments, milliseconds; null leaves that end open. */
export function annotationsWithin(first: number | null, last: number | null): SQL | undefined {
  return and(
    first === null ? undefined : sql`json_extract(${resources.body}, '$.to') >= ${first}`,
    last === null ? undefined : sql`json_extract(${resources.body}, '$.from') <= ${last}`,
  );
}
