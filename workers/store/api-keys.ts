import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { apiKeys } from "./schema/index.ts";

export type ApiKey = typeof apiKeys.$inferSelect;
export type Scope = ApiKey["scopes"][number];

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes a key and returns it; only its hash is kept, so it can be shown this once. */
export async function createApiKey(
  db: D1Database,
  siteId: SiteId,
  options: { label: string; scopes: Scope[]; now: number },
): Promise<{ id: string; key: string }> {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0"));
  const key = `ew_${random.join("")}`;
  const id = crypto.randomUUID();
  const { label, scopes, now } = options;
  await drizzle(db)
    .insert(apiKeys)
    .values({ hash: await sha256(key), id, siteId, label, scopes, createdAt: now });
  return { id, key };
}

export async function findApiKey(db: D1Database, key: string): Promise<ApiKey | null> {
  const rows = await drizzle(db)
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.hash, await sha256(key)));
  return rows[0] ?? null;
}
