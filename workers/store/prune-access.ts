import { lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { apiUsage, invitations, signIns, verifications } from "./schema/index.ts";

const USAGE_KEPT_MS = 92 * 24 * 3600_000;

/** Removes what is over and opens nothing any more; how many of it there were. */
export async function forgetEndedAccess(db: D1Database, now: number): Promise<number> {
  const store = drizzle(db);
  const gone = await store.batch([
    store.delete(signIns).where(lt(signIns.expiresAt, new Date(now))),
    store.delete(verifications).where(lt(verifications.expiresAt, new Date(now))),
    store.delete(invitations).where(lt(invitations.expiresAt, now)),
    store.delete(apiUsage).where(lt(apiUsage.hour, now - USAGE_KEPT_MS)),
  ]);
  return gone.reduce((sum, { meta }) => sum + meta.changes, 0);
}
