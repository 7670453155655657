// Secrets that make visitor ids. They live in KV alone: D1 and Durable Objects can be wound back thirty days, and a
// secret that can be brought back was not destroyed. D1 only settles who makes one.
import { AppError } from "../domain/errors.ts";

const CLAIM_MS = 30_000;
/** A place that looked too early may go on seeing no secret for a minute: until it must see it, nobody makes another. */
const SETTLE_MS = 10 * 60_000;
const DAY_SECONDS = 86_400;
const WAITS = 20;
const WAIT_MS = 50;

export interface SecretStore {
  SECRETS: KVNamespace;
  DB: D1Database;
}

const toBytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Waits a little for a secret that another request is making; then the sender is told to come back. */
async function secretOfAnother(store: SecretStore, name: string): Promise<Uint8Array> {
  for (let wait = 0; wait < WAITS; wait++) {
    const made = await store.SECRETS.get(name);
    if (made) return toBytes(made);
    await scheduler.wait(WAIT_MS);
  }
  throw new AppError("unavailable", "a secret is being made; send again in a second", { retryAfter: 1 });
}

/** The secret of that name, made now if nobody has; of two who try at once, one makes it and the other waits for it. */
async function secretNamed(store: SecretStore, name: string, keepSeconds?: number): Promise<Uint8Array> {
  const held = await store.SECRETS.get(name);
  if (held) return toBytes(held);
  const now = Date.now();
  const claimant = crypto.randomUUID();
  const claim = await store.DB.prepare(
    `insert into secret_claims (name, claimant, claimed_until) values (?1, ?2, ?3)
     on conflict do update set claimant = excluded.claimant, claimed_until = excluded.claimed_until
     where claimed_until < ?4 returning claimant`,
  )
    .bind(name, claimant, now + CLAIM_MS, now)
    .first<{ claimant: string }>();
  if (claim?.claimant !== claimant) return secretOfAnother(store, name);
  const secret = randomHex(32);
  await store.SECRETS.put(name, secret, keepSeconds === undefined ? {} : { expirationTtl: keepSeconds });
  await store.DB.prepare("update secret_claims set claimed_until = ?1 where name = ?2 and claimant = ?3")
    .bind(now + SETTLE_MS, name, claimant)
    .run();
  return toBytes(secret);
}

const dayName = (date: string) => `day:${date}`;
const held = new Map<string, Uint8Array>();

/** Milliseconds UTC at which a local date is over everywhere on earth (UTC−12). */
const overEverywhere = (date: string) => Date.parse(`${date}T00:00:00Z`) + 36 * 3600_000;

/**
 * The secret of a local date (`2026-11-21`), destroyed two days after it: KV expires it, and this isolate forgets it.
 */
export async function daySecret(store: SecretStore, date: string): Promise<Uint8Array> {
  const known = held.get(date);
  if (known) return known;
  const ttl = Math.max(60, Math.ceil((overEverywhere(date) - Date.now()) / 1000) + 2 * DAY_SECONDS);
  const secret = await secretNamed(store, dayName(date), ttl);
  for (const old of held.keys()) if (overEverywhere(old) + 2 * DAY_SECONDS * 1000 < Date.now()) held.delete(old);
  held.set(date, secret);
  return secret;
}

/** What makes ids: secrets by local date, and the key of pseudonyms. */
export interface IdSecrets {
  secrets: Map<string, Uint8Array>;
  identityKey: Uint8Array;
}

/** Those of the dates without waiting; undefined while this isolate lacks one. */
export function heldSecrets(dates: readonly string[]): IdSecrets | undefined {
  const secrets = new Map<string, Uint8Array>();
  for (const date of dates) {
    const secret = held.get(date);
    if (!secret) return undefined;
    secrets.set(date, secret);
  }
  return identity && { secrets, identityKey: identity };
}

export async function loadSecrets(store: SecretStore, dates: readonly string[]): Promise<IdSecrets> {
  const secrets = new Map<string, Uint8Array>();
  for (const date of dates) secrets.set(date, await daySecret(store, date));
  return { secrets, identityKey: await identityKey(store) };
}

/** Makes the identity key and the secrets of yesterday to the day after tomorrow (UTC), so that no visitor waits for one. */
export async function makeSecretsAhead(store: SecretStore, now: number): Promise<void> {
  await identityKey(store);
  for (let day = -1; day <= 2; day++) {
    await daySecret(store, new Date(now + day * DAY_SECONDS * 1000).toISOString().slice(0, 10));
  }
}

/** The key by which user ids become pseudonyms; lasts as long as the deployment, since users are recognised by it. */
export async function identityKey(store: SecretStore): Promise<Uint8Array> {
  identity ??= await secretNamed(store, "identity");
  return identity;
}
let identity: Uint8Array | undefined;

/** The key that seals the audit trail; lasts as long as the deployment, and D1, which holds the trail, never sees it. */
export async function auditKey(store: SecretStore): Promise<Uint8Array> {
  audit ??= await secretNamed(store, "audit");
  return audit;
}
let audit: Uint8Array | undefined;

interface Imported {
  siteId: string;
  id: string;
  /** Part of the name, so that an import that was undone and opened again has another secret. */
  createdAt: number;
}

const importName = ({ siteId, id, createdAt }: Imported) => `import:${siteId}:${id}:${createdAt}`;

/** An import's own secret; gone when the import ends. */
export function importSecret(store: SecretStore, row: Imported): Promise<Uint8Array> {
  return secretNamed(store, importName(row));
}

export async function destroyImportSecret(store: SecretStore, row: Imported): Promise<void> {
  const name = importName(row);
  await store.SECRETS.delete(name);
  await store.DB.prepare("delete from secret_claims where name = ?1").bind(name).run();
}
