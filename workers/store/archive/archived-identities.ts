// Whom the archive's events are of.
import type { Site } from "../../domain/site.ts";
import type { Identity, WantedIdentities } from "../../domain/subject.ts";
import { readIdentities } from "./event-parquet.ts";
import { DamagedArchive, datesIn, readFile, readManifest } from "./lake.ts";

/** Nothing of a day that cannot be read: the erasure of it says so. */
async function* identitiesOn(lake: R2Bucket, siteId: string, date: string): AsyncGenerator<Identity[]> {
  try {
    const manifest = await readManifest(lake, siteId, date);
    for (const file of manifest?.files ?? []) yield* readIdentities(await readFile(lake, file));
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error;
  }
}

/** The distinct ids of archived events that have any of those wanted. `beat` is called now and then: it may take a while. */
export async function archivedIdentities(
  { LAKE }: { LAKE?: R2Bucket },
  site: Pick<Site, "id">,
  { userIds, persistentIds, visitorIds }: WantedIdentities,
  beat: () => Promise<void> = async () => undefined,
): Promise<Identity[]> {
  if (!LAKE || userIds.length + persistentIds.length + visitorIds.length === 0) return [];
  const [users, browsers, visitors] = [new Set(userIds), new Set(persistentIds), new Set(visitorIds)];
  const found = new Map<string, Identity>();
  for (const date of await datesIn(LAKE, site.id)) {
    await beat();
    for await (const group of identitiesOn(LAKE, site.id, date)) {
      for (const one of group) {
        if (!users.has(one.userId) && !browsers.has(one.persistentId) && !visitors.has(one.visitorId)) continue;
        found.set(`${one.userId} ${one.persistentId} ${one.visitorId}`, one);
      }
    }
  }
  return [...found.values()];
}
