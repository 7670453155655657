import { and, asc, eq, isNull, lt, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteAction } from "../domain/access.ts";
import type { SiteId } from "../domain/site.ts";
import { apiKeys } from "./schema/index.ts";
import { hashToken, newToken } from "./tokens.ts";

export type ApiKey = typeof apiKeys.$inferSelect;

/** A key's last use is written at most so often, so that a busy key costs a row in five minutes. */
const LAST_USED_MS = 5 * 60_000;

/** What may be shown of a key: all but the hash. */
export type ShownKey = Omit<ApiKey, "hash" | "siteId">;

/** Makes a key and returns it; only its hash is kept, so it can be shown this once. */
export async function createApiKey(
  db: D1Database,
  siteId: SiteId,
  options: { label: string; scopes: SiteAction[]; expiresAt: number | null; now: number },
): Promise<{ id: string; key: string }> {
  const { now, ...fields } = options;
  const key = newToken("ew_");
  const id = crypto.randomUUID();
  await drizzle(db)
    .insert(apiKeys)
    .values({ ...fields, hash: await hashToken(key), id, siteId, createdAt: now });
  return { id, key };
}

export async function listApiKeys(db: D1Database, siteId: SiteId): Promise<ShownKey[]> {
  const { id, label, scopes, createdAt, expiresAt, lastUsedAt } = apiKeys;
  return drizzle(db)
    .select({ id, label, scopes, createdAt, expiresAt, lastUsedAt })
    .from(apiKeys)
    .where(eq(apiKeys.siteId, siteId))
    .orderBy(asc(createdAt), asc(id));
}

/** False when the site has no such key. */
export async function revokeApiKey(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(apiKeys)
    .where(and(eq(apiKeys.siteId, siteId), eq(apiKeys.id, id)))
    .returning({ id: apiKeys.id });
  return gone.length > 0;
}

/** Null for one that was never made, was revoked or has expired. */
export async function findApiKey(db: D1Database, key: string, now: number): Promise<ApiKey | null> {
  const rows = await drizzle(db)
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.hash, await hashToken(key)));
  const row = rows[0];
  return row && (row.expiresAt === null || row.expiresAt > now) ? row : null;
}

export const needsUseNoted = ({ lastUsedAt }: ApiKey, now: number): boolean =>
  lastUsedAt === null || lastUsedAt < now - LAST_USED_MS;

export async function noteKeyUse(db: D1Database, { hash }: ApiKey, now: number): Promise<void> {
  const stale = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now - LAST_USED_MS));
  await drizzle(db)
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.hash, hash), stale));
}
