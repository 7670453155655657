// Rewrites the archive where an edit changes events: for an erasure, which drops a person's events and scrubs texts that name
// them. A day at a time: new files, the new manifest, the shards, then the old files; after a crash it is begun again.
import { type ArchivedFile, fileKey, type Manifest } from "../../domain/archive.ts";
import { addToDigest, EMPTY_DIGEST } from "../../domain/digest.ts";
import type { PackedEvent } from "../../domain/event.ts";
import type { Site } from "../../domain/site.ts";
import { recordDay } from "./archive-days.ts";
import { type ArchiveEnv, lakeOf, orderAll, settleDay } from "./archive-site.ts";
import { readEvents, writeEvents } from "./event-parquet.ts";
import { datesIn, readFile, readManifest, sha256Of, sweepDay } from "./lake.ts";

/** Gives back the events that stay: those that are unchanged as they are, others anew. */
export type EditEvents = (events: readonly PackedEvent[]) => PackedEvent[];

export interface Edited {
  /** Events that are gone, and that stay with another text. */
  events: number;
  named: number;
  files: number;
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

interface EditedFile {
  bytes: Uint8Array<ArrayBuffer> | null;
  file: ArchivedFile | null;
  gone: number;
  named: number;
}

/** Null when nothing of the file changes. */
async function editFile(
  lake: R2Bucket,
  siteId: string,
  old: ArchivedFile,
  edit: EditEvents,
): Promise<EditedFile | null> {
  const events: PackedEvent[] = [];
  let named = 0;
  for await (const group of readEvents(await readFile(lake, old))) {
    const kept = edit(group);
    const before = new Set(group);
    named += kept.filter((event) => !before.has(event)).length;
    events.push(...kept);
    await pause();
  }
  const gone = old.rows - events.length;
  if (gone === 0 && named === 0) return null;
  if (events.length === 0) return { bytes: null, file: null, gone, named };
  const { date, importId, arrival } = old;
  const about = { site: siteId, date, import: importId, arrival: String(arrival) };
  const bytes = (await writeEvents(events, { importId, about }, pause)).slice();
  const sha256 = await sha256Of(bytes);
  const digest = addToDigest(EMPTY_DIGEST, events).sum;
  const file = { ...old, key: fileKey(siteId, date, sha256), rows: events.length, bytes: bytes.length, sha256, digest };
  return { bytes, file, gone, named };
}

async function editDay(
  env: ArchiveEnv,
  site: Site,
  { before, edit }: { before: Manifest; edit: EditEvents },
): Promise<Edited> {
  const lake = lakeOf(env);
  const edited: Edited = { events: 0, named: 0, files: 0 };
  const files: ArchivedFile[] = [];
  for (const old of before.files) {
    const change = await editFile(lake, site.id, old, edit);
    if (!change) {
      files.push(old);
      continue;
    }
    if (change.file && change.bytes) {
      await lake.put(change.file.key, change.bytes, { sha256: change.file.sha256 });
      files.push(change.file);
    }
    // The old file goes with the sweep of the new manifest, when no shard knows it any more.
    await orderAll(env, site, { do: "replace", key: old.key, file: change.file });
    edited.files++;
    edited.events += change.gone;
    edited.named += change.named;
  }
  if (edited.files === 0) {
    // What a run left that broke off after its manifest.
    await sweepDay(lake, site.id, before.date);
    return edited;
  }
  const manifest = await settleDay(lake, { siteId: site.id, date: before.date, files });
  if (manifest) await recordDay(env.DB, manifest, { now: Date.now() });
  return edited;
}

/** All of the site's archive. */
export async function editArchive(env: ArchiveEnv, site: Site, edit: EditEvents): Promise<Edited> {
  const edited: Edited = { events: 0, named: 0, files: 0 };
  if (!env.LAKE) return edited;
  for (const date of await datesIn(env.LAKE, site.id)) {
    const before = await readManifest(env.LAKE, site.id, date);
    if (!before) continue;
    const { events, named, files } = await editDay(env, site, { before, edit });
    edited.events += events;
    edited.named += named;
    edited.files += files;
  }
  return edited;
}

/** What the archive holds, file by file, for a request of access. */
export async function* archivedEvents(env: ArchiveEnv, site: Site): AsyncGenerator<PackedEvent[]> {
  if (!env.LAKE) return;
  for (const date of await datesIn(env.LAKE, site.id)) {
    const manifest = await readManifest(env.LAKE, site.id, date);
    for (const file of manifest?.files ?? []) yield* readEvents(await readFile(env.LAKE, file));
  }
}
