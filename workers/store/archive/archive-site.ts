// Archives, drops and removes days of a site: asks its shards, keeps the day's manifest and D1's row of it. Every
// step may be repeated, and a run that ended half way is begun again from the start.
import type { ArchiveOrder, ArchiveReply, ShardIdentity } from "../../../durable-objects/site-shard/protocol.ts";
import { type ArchivedFile, type Manifest, manifestKey, manifestOf } from "../../domain/archive.ts";
import { AppError } from "../../domain/errors.ts";
import type { Site } from "../../domain/site.ts";
import { type ObjectNamespaces, siteShard } from "../objects.ts";
import { daysWithImports, forgetDay, recordDamage, recordDay } from "./archive-days.ts";
import { inArchiveTurn, type KeepTurn } from "./archive-turn.ts";
import { ARCHIVE_COLUMNS } from "./event-parquet.ts";
import { readManifest, sweepDay, writeManifest } from "./lake.ts";

export type ArchiveEnv = Pick<ObjectNamespaces, "SITE_SHARD"> & { DB: D1Database; LAKE?: R2Bucket };

export function lakeOf({ LAKE }: ArchiveEnv): R2Bucket {
  if (!LAKE) throw new AppError("unavailable", "this deployment has no archive; bind an R2 bucket as LAKE");
  return LAKE;
}

type AskShard = (shard: ReturnType<typeof siteShard>, of: ShardIdentity) => Promise<ArchiveReply>;

async function askAll(env: ArchiveEnv, site: Site, ask: AskShard): Promise<ArchiveReply[]> {
  if (site.nextShards !== null) {
    throw new AppError("conflict", "visitors are moving to other shards; ask again when they have moved");
  }
  const { id: siteId, shards, epoch, timeZone, jurisdiction } = site;
  const all = Array.from({ length: shards }, (_, shard) =>
    ask(siteShard(env, site, shard), { siteId, shard, shards, epoch, timeZone, jurisdiction }),
  );
  return Promise.all(all);
}

/** Asks every shard of the site. */
export const orderAll = (env: ArchiveEnv, site: Site, order: ArchiveOrder): Promise<ArchiveReply[]> =>
  askAll(env, site, async (shard, of) => shard.archive(of, order));

/** Every shard writes the day, file by file. */
const writeAll = (
  env: ArchiveEnv,
  site: Site,
  { date, keep }: { date: string; keep: KeepTurn },
): Promise<ArchiveReply[]> =>
  askAll(env, site, async (shard, of) => {
    let reply = await shard.archive(of, { do: "write", date, part: 0 });
    while (reply.next !== null) {
      await keep();
      reply = await shard.archive(of, { do: "write", date, part: reply.next });
    }
    return reply;
  });

export const eventsIn = (replies: readonly ArchiveReply[]): number =>
  replies.reduce((sum, { events }) => sum + events, 0);

/** What the day's manifest is to name: what the shards know, and what no shard has been told of yet. */
function filesOf(before: Manifest | null, replies: readonly ArchiveReply[]): ArchivedFile[] {
  const obsolete = new Set(replies.flatMap((reply) => reply.obsolete));
  const known = [...(before?.files ?? []), ...replies.flatMap(({ files }) => files)];
  return [...new Map(known.filter(({ key }) => !obsolete.has(key)).map((file) => [file.key, file])).values()];
}

/** Writes the manifest anew, or removes it with the last of the files; what it does not name goes. */
export async function settleDay(
  lake: R2Bucket,
  { siteId, date, files }: { siteId: string; date: string; files: readonly ArchivedFile[] },
): Promise<Manifest | null> {
  const manifest = files.length > 0 ? manifestOf(siteId, date, { files: [...files], columns: ARCHIVE_COLUMNS }) : null;
  if (manifest) await writeManifest(lake, manifest);
  else await lake.delete(manifestKey(siteId, date));
  await sweepDay(lake, siteId, date);
  return manifest;
}

/** The day's events go to the archive, and from the shards once all of it was found there as it was written. */
export async function archiveDay(
  env: ArchiveEnv,
  site: Site,
  { date, now }: { date: string; now: number },
): Promise<number> {
  const lake = lakeOf(env);
  return inArchiveTurn(env.DB, site, async (keep) => {
    const written = await writeAll(env, site, { date, keep });
    const files = filesOf(await readManifest(lake, site.id, date), written);
    await keep();
    const manifest = await settleDay(lake, { siteId: site.id, date, files });
    if (!manifest) return 0;
    await recordDay(env.DB, manifest, { state: "written", now });
    return dropDay(env, site, { manifest, now });
  });
}

/** The second half of `archiveDay`. */
async function dropDay(
  env: ArchiveEnv,
  site: Site,
  { manifest, now }: { manifest: Manifest; now: number },
): Promise<number> {
  const { date } = manifest;
  try {
    const dropped = await orderAll(env, site, { do: "drop", date });
    await recordDay(env.DB, manifest, { state: "dropped", now });
    return eventsIn(dropped);
  } catch (error) {
    await recordDamage(env.DB, site.id, date, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Removes days for good, from the shards and from the archive. */
export async function removeDays(
  env: ArchiveEnv,
  site: Site,
  { dates, which, now }: { dates: string[]; which: "live" | "imports"; now: number },
): Promise<number> {
  const order = { do: "remove", dates, which } as const;
  if (!env.LAKE) return eventsIn(await orderAll(env, site, order));
  return inArchiveTurn(env.DB, site, async (keep) => {
    const removed = eventsIn(await orderAll(env, site, order));
    const goes = (id: string) => (id === "") === (which === "live");
    for (const date of dates) {
      await keep();
      await cutManifest(env, site, { date, now, goes });
    }
    return removed;
  });
}

/** Takes files out of a day's archive. */
async function cutManifest(
  env: ArchiveEnv,
  site: Site,
  { date, now, goes }: { date: string; now: number; goes: (importId: string) => boolean },
): Promise<void> {
  const lake = lakeOf(env);
  const before = await readManifest(lake, site.id, date);
  if (!before) {
    await sweepDay(lake, site.id, date);
    return forgetDay(env.DB, site.id, date);
  }
  const files = before.files.filter(({ importId }) => !goes(importId));
  const manifest = await settleDay(lake, { siteId: site.id, date, files });
  if (manifest) await recordDay(env.DB, manifest, { now });
  else await forgetDay(env.DB, site.id, date);
}

/** What an import brought leaves the archive; the shards have forgotten it before. */
export async function removeImportFromArchive(
  env: ArchiveEnv,
  site: Site,
  { importId, now }: { importId: string; now: number },
): Promise<void> {
  const dates = env.LAKE ? await daysWithImports(env.DB, site.id) : [];
  if (dates.length === 0) return;
  await inArchiveTurn(env.DB, site, async (keep) => {
    for (const date of dates) {
      await keep();
      await cutManifest(env, site, { date, now, goes: (id) => id === importId });
    }
  });
}
