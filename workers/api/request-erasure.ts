// Requests about persons: taken here, whoever asks, and driven by the store.
import { monthAfter } from "../domain/month-after.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { browserPseudonym, userPseudonym } from "../ingest/identity.ts";
import { addErasure, type Erasure } from "../store/erasures.ts";
import { identityKey } from "../store/secrets.ts";
import { isTelling, nameHashes } from "../store/subjects/names.ts";
import { createSeal } from "../store/subjects/seal-ids.ts";
import { NOT_BEGUN, takeErasure, type WhomToErase } from "../store/take-erasure.ts";

/** Whom a request is about, as the site knows them. Nothing of it is kept as it stands. */
export interface Whom {
  userId?: string | undefined;
  /** A browser, by the id that it sends. */
  persistentId?: string | undefined;
  /** E-mail addresses, customer numbers: texts that name them. */
  names?: readonly string[] | undefined;
}

export interface ErasureRequest extends Whom {
  reason: string;
  requestedBy: string;
  /** Milliseconds; a month after now when left out (GDPR, article 12). */
  dueAt?: number | undefined;
}

/** As the store knows them. */
export async function idsOf(
  env: Env,
  { id: siteId }: Site,
  { userId, persistentId, names = [] }: Whom,
): Promise<WhomToErase> {
  const key = { identityKey: await identityKey(env), siteId };
  const browser = browserPseudonym(key.identityKey, siteId, persistentId);
  const telling = userId !== undefined && isTelling(userId) ? [userId] : [];
  return {
    userId: userPseudonym(key.identityKey, siteId, userId),
    persistentIds: browser === "" ? [] : [browser],
    names: nameHashes([...telling, ...names], key),
  };
}

/**
 * Takes a request to erase; `driveErasures` or the hourly job carries it out. For a withdrawal of consent, `userId` or
 * `persistentId` as the site sends them.
 */
export async function requestErasure(env: Env, site: Site, request: ErasureRequest): Promise<Erasure> {
  const { reason, requestedBy, dueAt } = request;
  return takeErasure(env.DB, site.id, { ...(await idsOf(env, site, request)), reason, requestedBy, dueAt });
}

/** That somebody was told what is held of a person. */
export async function recordAccess(env: Env, site: Site, request: ErasureRequest): Promise<void> {
  const { userId } = await idsOf(env, site, request);
  const seal = createSeal({ identityKey: await identityKey(env), siteId: site.id });
  const { reason, requestedBy } = request;
  const now = Date.now();
  await addErasure(env.DB, {
    ...NOT_BEGUN,
    ...{ siteId: site.id, id: crypto.randomUUID(), kind: "access" as const, reason, requestedBy },
    ...{ requestedAt: now, dueAt: monthAfter(now), state: "done" as const, doneAt: now },
    ...{ userId: seal(userId), persistentIds: [], names: [] },
  });
}
