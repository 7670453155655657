import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Rate } from "../domain/rates.ts";
import type { SiteId } from "../domain/site.ts";
import { rates } from "./schema/index.ts";

/** What others are worth in `base`, oldest first. */
export async function listRates(db: D1Database, siteId: SiteId, base: string): Promise<Rate[]> {
  return drizzle(db)
    .select({ currency: rates.currency, since: rates.since, rate: rates.rate })
    .from(rates)
    .where(and(eq(rates.siteId, siteId), eq(rates.base, base)))
    .orderBy(asc(rates.currency), asc(rates.since));
}

export async function setRate(db: D1Database, siteId: SiteId, rate: Rate & { base: string }): Promise<void> {
  await drizzle(db)
    .insert(rates)
    .values({ siteId, ...rate })
    .onConflictDoUpdate({
      target: [rates.siteId, rates.base, rates.currency, rates.since],
      set: { rate: rate.rate },
    });
}

/** False when there is no such rate. */
export async function removeRate(
  db: D1Database,
  siteId: SiteId,
  { base, currency, since }: Omit<Rate, "rate"> & { base: string },
): Promise<boolean> {
  const own = and(eq(rates.siteId, siteId), eq(rates.base, base), eq(rates.currency, currency), eq(rates.since, since));
  return (await drizzle(db).delete(rates).where(own).returning()).length > 0;
}
