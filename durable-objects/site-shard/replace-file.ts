// A file of the archive is replaced by one without erased persons. What they had brought to roll-ups is counted from the old
// file, and counted on from the transaction in which the new one takes its place.
import type { ArchivedFile } from "../../workers/domain/archive.ts";
import { type PackedEvent, unpackEvent } from "../../workers/domain/event.ts";
import type { Period } from "../../workers/domain/period.ts";
import { inRange, leadOf } from "../../workers/domain/shard.ts";
import type { Identity } from "../../workers/domain/subject.ts";
import { partOf } from "../../workers/engine/batch-part.ts";
import { eventsOf } from "../../workers/engine/batch-rows.ts";
import { readEvents, readIdentities } from "../../workers/store/archive/event-parquet.ts";
import { DamagedArchive, readFile } from "../../workers/store/archive/lake.ts";
import { identityKey } from "../../workers/store/secrets.ts";
import { createEventEditor } from "../../workers/store/subjects/edit-events.ts";
import type { ArchiveOrder, ShardIdentity } from "./protocol.ts";
import { ownRange } from "./read-back.ts";
import { DAY_MS, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import { rolledAs } from "./roll-epoch.ts";
import { rollsWithout } from "./roll-erased.ts";
import { identitiesWith, inEachBatch, rowsWith } from "./rows-with.ts";
import type { UpkeepPorts } from "./upkeep.ts";

type Ports = UpkeepPorts & { of: ShardIdentity };

/** What is told of a day looks so far back, and what is told of so much later may look back on it. */
const REACH_MS = (2 * LOOK_BACK_DAYS + 4) * DAY_MS;
const AT_FIELD = 2;
const VISITOR_FIELD = 4;

const isNear =
  ({ from, to }: Period) =>
  ({ atMin, atMax }: ArchivedFile): boolean =>
    atMax >= from && atMin < to;

/** Null when it cannot be read: then what it holds is told of no more by anybody. */
async function bytesOf({ env }: Ports, file: ArchivedFile): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!env.LAKE) return null;
  try {
    return await readFile(env.LAKE, file);
  } catch (error) {
    if (error instanceof DamagedArchive) return null;
    throw error;
  }
}

/** Visitors with an event of one of these, or of a browser of theirs. */
async function visitorsJoined(
  ports: Ports,
  { near, theirs }: { near: readonly ArchivedFile[]; theirs: readonly Identity[] },
): Promise<Set<string>> {
  const { segments, pause } = ports;
  const visitors = new Set(theirs.map(({ visitorId }) => visitorId));
  const browsers = new Set(theirs.map(({ persistentId }) => persistentId).filter((id) => id !== ""));
  const wanted = { userIds: [], persistentIds: [...browsers], visitorIds: [...visitors] };
  const joined = new Set([...visitors, ...(await identitiesWith(segments, wanted, pause)).map((one) => one.visitorId)]);
  for (const file of browsers.size > 0 ? near : []) {
    const bytes = await bytesOf(ports, file);
    for await (const group of bytes ? readIdentities(bytes) : []) {
      for (const one of group) if (browsers.has(one.persistentId)) joined.add(one.visitorId);
    }
    await pause();
  }
  return joined;
}

/** The visitors' events of a file, of those that can be the shard's. */
async function eventsIn(ports: Ports, file: ArchivedFile, visitors: ReadonlySet<string>): Promise<PackedEvent[]> {
  const { fromLead, toLead } = file;
  const isIn = (id: string) => leadOf(id) >= fromLead && leadOf(id) <= toLead;
  if (![...visitors].some(isIn)) return [];
  const own = ownRange(ports.storage.sql);
  const found: PackedEvent[] = [];
  const bytes = await bytesOf(ports, file);
  for await (const group of bytes ? readEvents(bytes) : []) {
    for (const packed of group) {
      const visitor = packed[VISITOR_FIELD];
      if (visitors.has(visitor) && inRange(leadOf(visitor), own)) found.push(packed);
    }
    await ports.pause();
  }
  return found;
}

/** What those who leave the file had brought to each bucket, as long as the file alone has their events. */
async function rollsLeaving(ports: Ports, file: ArchivedFile, subjects: Replacing["subjects"]) {
  const { storage, env, segments, of, pause } = ports;
  const editor = createEventEditor(subjects, { identityKey: await identityKey(env), siteId: of.siteId });
  const own = ownRange(storage.sql);
  const theirs: PackedEvent[] = [];
  const bytes = await bytesOf(ports, file);
  for await (const group of bytes ? readEvents(bytes) : []) {
    for (const packed of group) {
      if (inRange(leadOf(packed[VISITOR_FIELD]), own) && editor.isTheirs(unpackEvent(packed))) theirs.push(packed);
    }
    await pause();
  }
  if (theirs.length === 0) return [];
  const times = theirs.map((packed) => packed[AT_FIELD]);
  const period = { from: Math.min(...times) - REACH_MS, to: Math.max(...times) + REACH_MS };
  const near = segments.archived.dropped().filter(isNear(period));
  const visitors = await visitorsJoined(ports, { near, theirs: theirs.map(unpackEvent) });
  const others: PackedEvent[] = [];
  await inEachBatch(segments, pause, (batch) => {
    const rows = rowsWith(batch, { userIds: [], persistentIds: [], visitorIds: [...visitors] });
    if (rows.length > 0) others.push(...eventsOf(partOf(batch, rows)));
  });
  for (const one of near) if (one.key !== file.key) others.push(...(await eventsIn(ports, one, visitors)));
  const here = await eventsIn(ports, file, visitors);
  const kept = [...others, ...here.filter((packed) => !editor.isTheirs(unpackEvent(packed)))];
  // Under the names that the roll-ups will have.
  const [before, after] = [[...others, ...here], kept].map((all) => all.map(editor.unnamed));
  const rolled = { before: before!, after: after!, theirs };
  return rollsWithout(rolled, { db: env.DB, of: rolledAs(storage.sql, of), pause });
}

type Replacing = Extract<ArchiveOrder, { do: "replace" }>;

/** May be repeated: a file that is obsolete already is left alone. */
export async function replaceFile(ports: Ports, { key, file, subjects }: Replacing): Promise<void> {
  const { storage, segments, erased } = ports;
  const { archived, back, store } = segments;
  const known = archived.find(key);
  if (!known || known.state === "obsolete") return;
  const rolls = known.state === "dropped" ? await rollsLeaving(ports, known.file, subjects) : [];
  storage.transactionSync(() => {
    store.remove(back.ofFile(key));
    back.release(key);
    archived.put(known.file, "obsolete");
    if (file) archived.put({ ...file, arrival: known.file.arrival }, known.state);
    erased.add(rolls);
  });
  store.refresh();
}
