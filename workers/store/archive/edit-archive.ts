// Takes persons out of the archive, and their names out of what others sent. A day at a time: new files, the shards, the new
// manifest, then the old files go; after a crash it is begun again.
import { type ArchivedFile, fileKey, type Manifest } from "../../domain/archive.ts";
import { addToDigest, EMPTY_DIGEST } from "../../domain/digest.ts";
import type { PackedEvent } from "../../domain/event.ts";
import { leadOf } from "../../domain/shard.ts";
import type { Site } from "../../domain/site.ts";
import type { Subject } from "../../domain/subject.ts";
import { createEventEditor, type EventEditor } from "../subjects/edit-events.ts";
import type { NameKey } from "../subjects/names.ts";
import { forgetDay, recordDay } from "./archive-days.ts";
import { type ArchiveEnv, lakeOf, orderAll, settleDay } from "./archive-site.ts";
import type { KeepTurn } from "./archive-turn.ts";
import { readEvents, readIdentities, writeEvents } from "./event-parquet.ts";
import { readFile, readManifest, sha256Of, sweepDay } from "./lake.ts";

export interface Edited {
  /** Events that are gone, and that stay with another text. */
  events: number;
  named: number;
  files: number;
}

export interface LeftOutOfArchive {
  subjects: readonly Subject[];
  key: NameKey;
}

const [AT, RECEIVED, VISITOR] = [2, 3, 4] as const;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

interface EditedFile {
  bytes: Uint8Array<ArrayBuffer> | null;
  file: ArchivedFile | null;
  gone: number;
  named: number;
}

async function holdsTheirs(bytes: Uint8Array<ArrayBuffer>, { isTheirs }: EventEditor): Promise<boolean> {
  for await (const group of readIdentities(bytes)) if (group.some(isTheirs)) return true;
  return false;
}

/** What the file is said to hold, of what is left. */
async function writeAnew(old: ArchivedFile, siteId: string, events: readonly PackedEvent[]) {
  const { date, importId, arrival } = old;
  const about = { site: siteId, date, import: importId, arrival: String(arrival) };
  const bytes = (await writeEvents(events, { importId, about }, pause)).slice();
  const sha256 = await sha256Of(bytes);
  const times = (field: typeof AT | typeof RECEIVED) => events.map((packed) => packed[field]);
  const latest = (all: readonly number[]) => all.reduce((a, b) => Math.max(a, b));
  const file: ArchivedFile = {
    ...old,
    key: fileKey(siteId, date, sha256),
    rows: events.length,
    atMin: times(AT).reduce((a, b) => Math.min(a, b)),
    atMax: latest(times(AT)),
    receivedAt: latest(times(RECEIVED)),
    fromLead: leadOf(events[0]![VISITOR]),
    toLead: leadOf(events.at(-1)![VISITOR]),
    bytes: bytes.length,
    sha256,
    digest: addToDigest(EMPTY_DIGEST, events).sum,
  };
  return { bytes, file };
}

/** Null when nothing of the file changes. */
async function editFile(
  before: Uint8Array<ArrayBuffer>,
  { siteId, old, editor, names }: { siteId: string; old: ArchivedFile; editor: EventEditor; names: boolean },
): Promise<EditedFile | null> {
  if (!names && !(await holdsTheirs(before, editor))) return null;
  const events: PackedEvent[] = [];
  let named = 0;
  for await (const group of readEvents(before)) {
    const kept = editor.edit(group);
    const same = new Set(group);
    named += kept.filter((event) => !same.has(event)).length;
    events.push(...kept);
    await pause();
  }
  const gone = old.rows - events.length;
  if (gone === 0 && named === 0) return null;
  if (events.length === 0) return { bytes: null, file: null, gone, named };
  return { ...(await writeAnew(old, siteId, events)), gone, named };
}

async function editFiles(
  env: ArchiveEnv,
  site: Site,
  { before, leftOut, keep }: { before: Manifest; leftOut: LeftOutOfArchive; keep: KeepTurn },
): Promise<{ edited: Edited; files: ArchivedFile[] }> {
  const lake = lakeOf(env);
  const { subjects, key: nameKey } = leftOut;
  const editor = createEventEditor(subjects, nameKey);
  const names = subjects.some((subject) => subject.names.length > 0);
  const edited: Edited = { events: 0, named: 0, files: 0 };
  const files: ArchivedFile[] = [];
  for (const old of before.files) {
    await keep();
    const change = await editFile(await readFile(lake, old), { siteId: site.id, old, editor, names });
    if (!change) {
      files.push(old);
      continue;
    }
    if (change.file && change.bytes) {
      await lake.put(change.file.key, change.bytes, { sha256: change.file.sha256 });
      files.push(change.file);
    }
    // The old file goes with the sweep of the new manifest, when no shard knows it any more.
    await keep();
    await orderAll(env, site, { do: "replace", key: old.key, file: change.file, subjects });
    edited.files++;
    edited.events += change.gone;
    edited.named += change.named;
  }
  return { edited, files };
}

/** In the archive's turn: all of a day. What no manifest names, since its writing broke off, goes too. */
export async function editDay(
  env: ArchiveEnv,
  site: Site,
  { date, leftOut, keep }: { date: string; leftOut: LeftOutOfArchive; keep: KeepTurn },
): Promise<Edited> {
  const lake = lakeOf(env);
  const before = await readManifest(lake, site.id, date);
  const { edited, files } = before
    ? await editFiles(env, site, { before, leftOut, keep })
    : { edited: { events: 0, named: 0, files: 0 }, files: [] };
  await keep();
  // Without a change too: an earlier run may have broken off behind its manifest.
  if (edited.files === 0) await sweepDay(lake, site.id, date);
  const manifest = edited.files === 0 ? before : await settleDay(lake, { siteId: site.id, date, files });
  if (manifest) await recordDay(env.DB, manifest, { now: Date.now() });
  else await forgetDay(env.DB, site.id, date);
  return edited;
}
