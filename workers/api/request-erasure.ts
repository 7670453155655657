// Requests about persons: taken here, whoever asks, and driven by the store.
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { browserPseudonym, userPseudonym } from "../ingest/identity.ts";
import { addErasure, type Erasure, openErasures } from "../store/erasures.ts";
import { identityKey } from "../store/secrets.ts";
import { isTelling, nameHashes } from "../store/subjects/names.ts";
import { createSeal } from "../store/subjects/seal-ids.ts";

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

/** A month later on the calendar, or its last day. */
export function monthAfter(now: number): number {
  const then = new Date(now);
  const day = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() + 1);
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(day, last));
  return then.getTime();
}

type Ids = Pick<Erasure, "userId" | "persistentIds" | "names">;

/** As the store knows them. */
export async function idsOf(env: Env, { id: siteId }: Site, { userId, persistentId, names = [] }: Whom): Promise<Ids> {
  const key = { identityKey: await identityKey(env), siteId };
  const browser = browserPseudonym(key.identityKey, siteId, persistentId);
  const telling = userId !== undefined && isTelling(userId) ? [userId] : [];
  return {
    userId: userPseudonym(key.identityKey, siteId, userId),
    persistentIds: browser === "" ? [] : [browser],
    names: nameHashes([...telling, ...names], key),
  };
}

const EMPTY = { visitorIds: [], knownTo: null, held: null, removed: [], doneAt: null, drivenUntil: 0 };

function isSame(one: Erasure, { userId, persistentIds, names }: Ids): boolean {
  const isWithin = (all: readonly string[], some: readonly string[]) => some.every((each) => all.includes(each));
  return one.userId === userId && isWithin(one.persistentIds, persistentIds) && isWithin(one.names, names);
}

/**
 * Takes a request to erase; `driveErasures` or the hourly job carries it out. The same request while one is open is that one. For a
 * withdrawal of consent, `userId` or `persistentId` as the site sends them.
 */
export async function requestErasure(env: Env, site: Site, request: ErasureRequest): Promise<Erasure> {
  const ids = await idsOf(env, site, request);
  const open = (await openErasures(env.DB, site.id)).find((one) => isSame(one, ids));
  if (open) return open;
  const { reason, requestedBy } = request;
  const now = Date.now();
  const row: Erasure = {
    ...EMPTY,
    ...ids,
    siteId: site.id,
    id: crypto.randomUUID(),
    kind: "erasure",
    reason,
    requestedBy,
    requestedAt: now,
    dueAt: request.dueAt ?? monthAfter(now),
    state: "requested",
  };
  await addErasure(env.DB, row);
  return row;
}

/** That somebody was told what is held of a person. */
export async function recordAccess(env: Env, site: Site, request: ErasureRequest): Promise<void> {
  const { userId } = await idsOf(env, site, request);
  const seal = createSeal({ identityKey: await identityKey(env), siteId: site.id });
  const { reason, requestedBy } = request;
  const now = Date.now();
  await addErasure(env.DB, {
    ...EMPTY,
    ...{ siteId: site.id, id: crypto.randomUUID(), kind: "access" as const, reason, requestedBy },
    ...{ requestedAt: now, dueAt: monthAfter(now), state: "done" as const, doneAt: now },
    ...{ userId: seal(userId), persistentIds: [], names: [] },
  });
}
