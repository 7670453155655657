// Who was erased does not come back with a backup of before: known from this deployment's own requests, and from the file
// that a restore is told.
import type { SiteId } from "../domain/site.ts";
import type { Subject } from "../domain/subject.ts";
import type { Env } from "../env.ts";
import { doneErasures } from "./erasures.ts";
import { quarantine } from "./personal/quarantine.ts";
import { rollUps } from "./personal/roll-ups.ts";
import { erasedOf, type Restore, toldSubjects } from "./restores.ts";
import { identityKey } from "./secrets.ts";
import { findSite } from "./sites.ts";
import { createEventEditor, type EventEditor } from "./subjects/edit-events.ts";

/** Those who were erased since the backup was made. */
async function erasedSince(db: D1Database, restore: Restore, siteId: SiteId): Promise<Subject[]> {
  return [...(await doneErasures(db, siteId, restore.madeAt)), ...toldSubjects(erasedOf(restore), siteId)];
}

/** Null when nobody is to be left out. */
export async function editorSince(env: Env, restore: Restore, siteId: SiteId): Promise<EventEditor | null> {
  const subjects = await erasedSince(env.DB, restore, siteId);
  return subjects.length > 0 ? createEventEditor(subjects, { identityKey: await identityKey(env), siteId }) : null;
}

/** Takes them out of the tables that were brought back, once the site is there. May be repeated. */
export async function eraseFromTables(env: Env, restore: Restore, siteId: SiteId): Promise<void> {
  const site = await findSite(env.DB, siteId);
  if (!site) return;
  for (const subject of await erasedSince(env.DB, restore, siteId)) {
    for (const store of [quarantine, rollUps]) {
      // Rows that change meanwhile are looked at again.
      while ((await store.erase(env, site, subject)) === "unfinished");
    }
  }
}
