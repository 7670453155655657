// The key pair by which push services know this deployment (RFC 8292): made once, since a browser's subscription is for it alone.
import { encodeBase64Url } from "hono/utils/encode";
import { seal, unseal } from "./sealed.ts";

interface KeyEnv {
  DB: D1Database;
  ADMIN_TOKEN: string;
}

/** On P-256, in base64url: the public half as an uncompressed point, the private one as a number. */
export interface PushKey {
  publicKey: string;
  privateKey: string;
}

const NAME = "vapid";
const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const secretOf = ({ ADMIN_TOKEN }: KeyEnv): string => `push key ${ADMIN_TOKEN}`;

async function freshKey(): Promise<PushKey> {
  const pair = (await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"])) as CryptoKeyPair; // by its algorithm
  const [point, { d = "" }] = await Promise.all([
    crypto.subtle.exportKey("raw", pair.publicKey) as Promise<ArrayBuffer>, // by its format
    crypto.subtle.exportKey("jwk", pair.privateKey) as Promise<JsonWebKey>,
  ]);
  // Without padding, which RFC 8292 has none of.
  return { publicKey: encodeBase64Url(point).replace(/=+$/, ""), privateKey: d };
}

/** `sealed` empty: there is none yet. */
async function keptKey(env: KeyEnv): Promise<{ sealed: string; key: PushKey | null }> {
  const row = await env.DB.prepare("select sealed from push_keys where name = ?1")
    .bind(NAME)
    .first<{ sealed: string }>();
  if (!row) return { sealed: "", key: null };
  const text = await unseal(row.sealed, secretOf(env)).catch(() => null);
  return { sealed: row.sealed, key: text === null ? null : (JSON.parse(text) as PushKey) }; // as below
}

/** One that was sealed under another token gives way, as its channels must be made anew as well. */
export async function pushKey(env: KeyEnv): Promise<PushKey> {
  const kept = await keptKey(env);
  if (kept.key) return kept.key;
  const sealed = await seal(JSON.stringify(await freshKey()), secretOf(env));
  // Of two who make one at once the first's stays.
  await env.DB.prepare(
    `insert into push_keys (name, sealed, created_at) values (?1, ?2, ?3)
     on conflict do update set sealed = excluded.sealed, created_at = excluded.created_at where push_keys.sealed = ?4`,
  )
    .bind(NAME, sealed, Date.now(), kept.sealed)
    .run();
  const { key } = await keptKey(env);
  if (!key) throw new Error("the push key was sealed under another token meanwhile; try again");
  return key;
}
