// Who wants no more mail of a schedule. Kept as a hash by the key that lasts as long as the deployment.
import type { SiteId } from "../domain/site.ts";
import { identityKey } from "./secrets.ts";

interface UnsubscribeEnv {
  DB: D1Database;
  SECRETS: KVNamespace;
}

export interface Subscription {
  siteId: SiteId;
  scheduleId: string;
  email: string;
}

const encoder = new TextEncoder();

async function addressOf(env: UnsubscribeEnv, { siteId, scheduleId, email }: Subscription): Promise<string> {
  const secret = await identityKey(env);
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const text = JSON.stringify(["report", siteId, scheduleId, email.trim().toLowerCase()]);
  const signed = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return Array.from(signed.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What waits for them goes out no more. */
export async function unsubscribe(env: UnsubscribeEnv, of: Subscription, now: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      "insert or ignore into report_unsubscribed (site_id, schedule_id, address, at) values (?1, ?2, ?3, ?4)",
    ).bind(of.siteId, of.scheduleId, await addressOf(env, of), now),
    env.DB.prepare(
      `update report_deliveries set state = 'unsubscribed', told = 'they unsubscribed from it'
       where site_id = ?1 and schedule_id = ?2 and state = 'due' and lower(recipient ->> 'email') = ?3`,
    ).bind(of.siteId, of.scheduleId, of.email.trim().toLowerCase()),
  ]);
}

export async function subscribeAgain(env: UnsubscribeEnv, of: Subscription): Promise<void> {
  await env.DB.prepare("delete from report_unsubscribed where site_id = ?1 and schedule_id = ?2 and address = ?3")
    .bind(of.siteId, of.scheduleId, await addressOf(env, of))
    .run();
}

/** Those of the addresses that want no more of it. */
export async function unsubscribedOf(
  env: UnsubscribeEnv,
  { siteId, scheduleId }: Omit<Subscription, "email">,
  emails: readonly string[],
): Promise<Set<string>> {
  const { results } = await env.DB.prepare(
    "select address from report_unsubscribed where site_id = ?1 and schedule_id = ?2",
  )
    .bind(siteId, scheduleId)
    .all<{ address: string }>();
  if (results.length === 0) return new Set();
  const gone = new Set(results.map(({ address }) => address));
  const known = await Promise.all(
    emails.map(async (email) => ({ email, address: await addressOf(env, { siteId, scheduleId, email }) })),
  );
  return new Set(known.flatMap(({ email, address }) => (gone.has(address) ? [email] : [])));
}
