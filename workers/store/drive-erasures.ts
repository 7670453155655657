// Drives requests to erase through all stores. Every step may be repeated: whoever drives may end at any moment, and the next
// begins where the row says.
import type { Site, SiteId } from "../domain/site.ts";
import type { PersonalStore } from "../domain/subject.ts";
import type { Env } from "../env.ts";
import { askIdentities, leaveOutOfShards } from "./erasure-epoch.ts";
import {
  addLine,
  changeErasure,
  closeErasure,
  type Erasure,
  findErasure,
  holdErasure,
  noteFound,
  openErasures,
  releaseErasure,
  subjectOf,
} from "./erasures.ts";
import { personalStores } from "./personal/index.ts";
import { identityKey } from "./secrets.ts";
import { findSite } from "./sites.ts";
import { resolveSubject } from "./subjects/resolve-subject.ts";

/** Nobody else drives for so long; after a crash the next one waits as long. */
const HELD_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/** Finds whose browsers and visitors are theirs alone, and tells the shards, so that one move serves all that wait. */
async function prepare(env: Env, site: Site, row: Erasure): Promise<void> {
  if (row.state !== "requested") return;
  const found = await resolveSubject(row, (wanted) => askIdentities(env, site, wanted));
  const [persistentIds, visitorIds] = [[...found.persistentIds], [...found.visitorIds]];
  await noteFound(env.DB, row, { userId: row.userId, persistentIds, visitorIds });
  const subject = subjectOf({ ...row, persistentIds, visitorIds });
  const isTold = site.nextShards === null && (await leaveOutOfShards(env, site, subject));
  if (isTold) await changeErasure(env.DB, row, { knownTo: site.epoch });
}

/** False when it is not through by `until`. */
async function eraseIn(
  env: Env,
  site: Site,
  { store, row, until }: { store: PersonalStore<Env>; row: Erasure; until: number },
): Promise<boolean> {
  for (;;) {
    const removed = await store.erase(env, site, subjectOf(row));
    if (removed !== "unfinished") {
      await addLine(env.DB, row, { ...removed, at: Date.now() });
      return true;
    }
    if (Date.now() >= until) return false;
    await scheduler.wait(LOOK_AGAIN_MS);
    await holdErasure(env.DB, row, { now: Number.MAX_SAFE_INTEGER, until: Date.now() + HELD_MS });
  }
}

async function driveOne(env: Env, site: Site, { row, until }: { row: Erasure; until: number }): Promise<boolean> {
  const done = new Set(row.removed.map(({ store }) => store));
  for (const store of Object.values<PersonalStore<Env>>(personalStores)) {
    if (!done.has(store.name) && !(await eraseIn(env, site, { store, row, until }))) return false;
  }
  const key = { identityKey: await identityKey(env), siteId: row.siteId };
  await closeErasure(env.DB, row, { key, now: Date.now() });
  return true;
}

/** Drives a site's open requests until they are done or `until` is past, milliseconds. */
export async function driveErasures(env: Env, siteId: SiteId, until: number): Promise<void> {
  const site = await findSite(env.DB, siteId);
  if (!site) return;
  const held: Erasure[] = [];
  try {
    for (const row of await openErasures(env.DB, siteId)) {
      const now = Date.now();
      if (await holdErasure(env.DB, row, { now, until: now + HELD_MS })) held.push(row);
    }
    for (const row of held) await prepare(env, site, row);
    for (const { id } of held) {
      const row = await findErasure(env.DB, { siteId, id });
      if (row && !(await driveOne(env, site, { row, until }))) return;
    }
  } finally {
    for (const row of held) await releaseErasure(env.DB, row);
  }
}
