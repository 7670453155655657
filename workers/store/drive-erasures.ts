// Drives requests to erase through all stores. Every step may be repeated: whoever drives may end at any moment, and the next
// begins where the row says.
import { holdOf } from "../domain/retention.ts";
import type { Site, SiteId } from "../domain/site.ts";
import type { PersonalStore } from "../domain/subject.ts";
import type { Env } from "../env.ts";
import { askIdentities, tellShards } from "./erasure-epoch.ts";
import {
  addLine,
  type Erasure,
  endErasure,
  findErasure,
  holdErasure,
  noteFound,
  openErasures,
  releaseErasure,
  sealErasure,
  subjectOf,
} from "./erasures.ts";
import { writeOverFreePages } from "./fresh-pages.ts";
import { personalStores } from "./personal/index.ts";
import { identityKey } from "./secrets.ts";
import { findSite } from "./sites.ts";
import { resolveSubject } from "./subjects/resolve-subject.ts";

/** Nobody else drives for so long; after a crash the next one waits as long. */
const HELD_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/** Goes on holding it, however often it is asked. */
function keepHold(db: D1Database, row: Erasure): () => Promise<void> {
  let last = Date.now();
  return async () => {
    const now = Date.now();
    if (now - last < HELD_MS / 2) return;
    last = now;
    await holdErasure(db, row, { now: Number.MAX_SAFE_INTEGER, until: now + HELD_MS });
  };
}

/**
 * Finds whose browsers and visitors are theirs alone, and tells the shards, so that one move serves all that wait. False when the
 * site has nothing of theirs and no text is looked for: anybody may send ids, and then nothing is rewritten.
 */
async function prepare(env: Env, site: Site, row: Erasure): Promise<boolean> {
  if (row.state !== "requested") return true;
  const keep = keepHold(env.DB, row);
  const found = await resolveSubject(row, (wanted) => askIdentities(env, site, wanted, keep));
  if (found.touched.length === 0 && row.names.length === 0) return false;
  const [persistentIds, visitorIds] = [[...found.persistentIds], [...found.visitorIds]];
  await noteFound(env.DB, row, { userId: row.userId, persistentIds, visitorIds });
  await tellShards(env, site, { ...row, persistentIds, visitorIds });
  return true;
}

const NOTHING_HELD = "no event of the site was theirs, so nothing was looked for here";

/** What the tracking plan refused is in no shard. */
async function closeUnheld(env: Env, site: Site, row: Erasure): Promise<void> {
  const refused = await personalStores.quarantine.erase(env, site, subjectOf(row));
  if (refused === "unfinished") return;
  for (const { name } of Object.values<PersonalStore<Env>>(personalStores)) {
    const line = name === refused.store ? refused : { store: name, removed: {}, note: NOTHING_HELD };
    await addLine(env.DB, row, { ...line, at: Date.now() });
  }
  await sealErasure(env.DB, row, { identityKey: await identityKey(env), siteId: row.siteId });
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

interface Driven {
  row: Erasure;
  until: number;
}

async function eraseInAll(
  env: Env,
  site: Site,
  { stores, row, until }: Driven & { stores: readonly PersonalStore<Env>[] },
): Promise<boolean> {
  const done = new Set(row.removed.map(({ store }) => store));
  for (const store of stores) {
    if (!done.has(store.name) && !(await eraseIn(env, site, { store, row, until }))) return false;
  }
  return true;
}

async function driveOne(env: Env, site: Site, { row, until }: Driven): Promise<boolean> {
  const stores = Object.values<PersonalStore<Env>>(personalStores);
  if (!(await eraseInAll(env, site, { stores, row, until }))) return false;
  await sealErasure(env.DB, row, { identityKey: await identityKey(env), siteId: row.siteId });
  await writeOverFreePages(env.DB);
  await endErasure(env.DB, row, Date.now());
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
      // What has begun is ended: shards wait for it.
      if (row.state === "requested" && holdOf(site.retention, now)) continue;
      if (await holdErasure(env.DB, row, { now, until: now + HELD_MS })) held.push(row);
    }
    const unheld: Erasure[] = [];
    for (const row of held) if (!(await prepare(env, site, row))) unheld.push(row);
    for (const row of unheld) await closeUnheld(env, site, row);
    if (unheld.length > 0) await writeOverFreePages(env.DB);
    for (const row of unheld) await endErasure(env.DB, row, Date.now());
    const rest = held.filter((row) => !unheld.includes(row));
    // The archive of all of them before the one move that serves them.
    const stores = [personalStores.archive];
    for (const { id } of rest) {
      const row = await findErasure(env.DB, { siteId, id });
      if (row && !(await eraseInAll(env, site, { stores, row, until }))) return;
    }
    for (const { id } of rest) {
      const row = await findErasure(env.DB, { siteId, id });
      if (row && !(await driveOne(env, site, { row, until }))) return;
    }
  } finally {
    for (const row of held) await releaseErasure(env.DB, row);
  }
}
