// Requests to erase, as they are written down before anybody carries them out.
import { monthAfter } from "../domain/month-after.ts";
import type { SiteId } from "../domain/site.ts";
import { addErasure, type Erasure, openErasures } from "./erasures.ts";

/** Whom it is about: pseudonyms, and keyed hashes of names. */
export type WhomToErase = Pick<Erasure, "userId" | "persistentIds" | "names">;

/** Of a request that nothing was done of yet. */
export const NOT_BEGUN = {
  visitorIds: [],
  knownTo: null,
  held: null,
  archived: null,
  removed: [],
  doneAt: null,
  drivenUntil: 0,
};

function isSame(one: Erasure, { userId, persistentIds, names }: WhomToErase): boolean {
  const isWithin = (all: readonly string[], some: readonly string[]) => some.every((each) => all.includes(each));
  return one.userId === userId && isWithin(one.persistentIds, persistentIds) && isWithin(one.names, names);
}

/** The same request while one is open is that one. */
export async function takeErasure(
  db: D1Database,
  siteId: SiteId,
  asked: WhomToErase & Pick<Erasure, "reason" | "requestedBy"> & { dueAt?: number | undefined },
): Promise<Erasure> {
  const open = (await openErasures(db, siteId)).find((one) => isSame(one, asked));
  if (open) return open;
  const now = Date.now();
  const row: Erasure = {
    ...NOT_BEGUN,
    ...asked,
    siteId,
    id: crypto.randomUUID(),
    kind: "erasure",
    requestedAt: now,
    dueAt: asked.dueAt ?? monthAfter(now),
    state: "requested",
  };
  await addErasure(db, row);
  return row;
}
