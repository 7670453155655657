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

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const randomHex = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)));

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

const DAY_PREFIX = "day:";
const dayName = (date: string) => DAY_PREFIX + date;
const held = new Map<string, Uint8Array>();

/** Milliseconds UTC at which a local date is over everywhere on earth (UTC−12). */
const overEverywhere = (date: string) => Date.parse(`${date}T00:00:00Z`) + 36 * 3600_000;

/** When the secret of the date is to be destroyed. */
const endOf = (date: string) => overEverywhere(date) + 2 * DAY_SECONDS * 1000;

function forgetOver(now: number): void {
  for (const date of held.keys()) if (endOf(date) <= now) held.delete(date);
}

/**
 * The secret of a local date (`2026-11-21`). Two days after it there is none, and none is made: a job destroys it, KV would
 * by itself, and this isolate forgets it.
 */
export async function daySecret(store: SecretStore, date: string): Promise<Uint8Array> {
  const now = Date.now();
  forgetOver(now);
  const known = held.get(date);
  if (known) return known;
  if (!(endOf(date) > now))
    throw new Error(`the secret of ${date} was destroyed; ids of that day cannot be made again`);
  const ttl = Math.max(60, Math.ceil((endOf(date) - now) / 1000));
  const secret = await secretNamed(store, dayName(date), ttl);
  held.set(date, secret);
  return secret;
}

/**
 * Destroys the secrets of dates that are over for two days, and writes down when; their dates. KV's own expiry is not waited for: it may
 * leave the bytes where they are until somebody asks for them.
 */
export async function destroyOldSecrets(store: SecretStore, now: number): Promise<string[]> {
  forgetOver(now);
  const destroyed: string[] = [];
  let cursor: string | undefined;
  do {
    const page: KVNamespaceListResult<unknown> = await store.SECRETS.list({
      prefix: DAY_PREFIX,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { name } of page.keys) {
      const date = name.slice(DAY_PREFIX.length);
      if (endOf(date) > now) continue;
      await destroyDay(store, date, now);
      destroyed.push(date);
    }
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  return destroyed;
}

async function destroyDay(store: SecretStore, date: string, now: number): Promise<void> {
  await store.SECRETS.delete(dayName(date));
  await store.DB.batch([
    store.DB.prepare("delete from secret_claims where name = ?1").bind(dayName(date)),
    store.DB.prepare("insert or ignore into destroyed_secrets (date, destroyed_at) values (?1, ?2)").bind(date, now),
  ]);
}

/** What makes ids: secrets by local date, and the key of pseudonyms. */
export interface IdSecrets {
  secrets: Map<string, Uint8Array>;
  identityKey: Uint8Array;
}

/** Those of the dates without waiting; undefined while this isolate lacks one. */
export function heldSecrets(dates: readonly string[]): IdSecrets | undefined {
  const identity = heldIdentity();
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

const IDENTITY = "identity";
/** A restore may bring another: every isolate looks anew after a while. */
const IDENTITY_MS = 5 * 60_000;
let identity: { key: Uint8Array; until: number } | undefined;

const heldIdentity = (): Uint8Array | undefined => (identity && identity.until > Date.now() ? identity.key : undefined);

/** The key by which user ids become pseudonyms; lasts as long as the deployment, since users are recognised by it. */
export async function identityKey(store: SecretStore): Promise<Uint8Array> {
  const known = heldIdentity();
  if (known) return known;
  const key = await secretNamed(store, IDENTITY);
  identity = { key, until: Date.now() + IDENTITY_MS };
  return key;
}

/** The same in hexadecimal digits, for a backup to seal. */
export async function identityHex(store: SecretStore): Promise<string> {
  return toHex(await identityKey(store));
}

/** Puts a restored key, in hexadecimal digits, in the place of the one that there is. */
export async function bringIdentityKey(store: SecretStore, hex: string): Promise<void> {
  await store.SECRETS.put(IDENTITY, hex);
  identity = undefined;
}

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
