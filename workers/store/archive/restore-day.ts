// Brings archived days back to the shards, without those who were erased since they were archived.
import type { Manifest } from "../../domain/archive.ts";
import type { Site } from "../../domain/site.ts";
import { doneErasures } from "../erasures.ts";
import { toldErased, toldSubjects } from "../restores.ts";
import { identityKey, type SecretStore } from "../secrets.ts";
import { recordDay, recordRestored } from "./archive-days.ts";
import { type ArchiveEnv, eventsIn, lakeOf, orderAll } from "./archive-site.ts";
import { inArchiveTurn } from "./archive-turn.ts";
import { editDay } from "./edit-archive.ts";
import { DamagedArchive, datesIn, readFile, readManifest } from "./lake.ts";

/** Every file of the manifest is there and is what it was; throws otherwise. */
export async function verifyDay(lake: R2Bucket, siteId: string, date: string): Promise<Manifest> {
  const manifest = await readManifest(lake, siteId, date);
  if (!manifest) throw new DamagedArchive(`the archive has no manifest of ${date}`);
  for (const file of manifest.files) await readFile(lake, file);
  return manifest;
}

/** Archived dates of which anything lies in [from, to], both included; the bucket is asked, not D1, which may be new. */
export async function archivedDates(env: ArchiveEnv, site: Site, { from, to }: { from: string; to: string }) {
  return (await datesIn(lakeOf(env), site.id)).filter((date) => date >= from && date <= to);
}

/**
 * The day's events are the shards' own again, whether these had them before or are new: on a fresh deployment that is how a
 * site's history comes back. A bucket may be older than what D1 knows of erasures, which a restore may have told it of. May be
 * repeated.
 */
export async function restoreDay(
  env: ArchiveEnv & SecretStore,
  site: Site,
  { date, now, until }: { date: string; now: number; until: number },
): Promise<number> {
  const lake = lakeOf(env);
  await verifyDay(lake, site.id, date);
  return inArchiveTurn(env.DB, site, async (keep) => {
    const told = toldSubjects(await toldErased(env.DB), site.id);
    const subjects = [...(await doneErasures(env.DB, site.id)), ...told];
    const key = { identityKey: await identityKey(env), siteId: site.id };
    if (subjects.length > 0) await editDay(env, site, { date, leftOut: { subjects, key }, keep });
    const manifest = await readManifest(lake, site.id, date);
    if (!manifest) return 0;
    await keep();
    await orderAll(env, site, { do: "adopt", files: manifest.files });
    const restored = eventsIn(await orderAll(env, site, { do: "restore", date }));
    await recordDay(env.DB, manifest, { state: "written", now });
    await recordRestored(env.DB, site.id, date, until);
    return restored;
  });
}
