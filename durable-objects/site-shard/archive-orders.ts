// What the archive's job asks of a shard, one order at a time and in turn with all else that rewrites segments. Each may be
// repeated; after a crash the job asks again from the start.
import type { ArchivedFile } from "../../workers/domain/archive.ts";
import { AppError } from "../../workers/domain/errors.ts";
import { overlapOf } from "../../workers/domain/shard.ts";
import { DamagedArchive, readFile, readManifest } from "../../workers/store/archive/lake.ts";
import { digestOfDay, digestOfFiles, heldDays, writeFileOfDay } from "./archive-day.ts";
import { cutDays } from "./cut-days.ts";
import type { ArchiveOrder, ArchiveReply, ShardIdentity } from "./protocol.ts";
import { ownRange } from "./read-back.ts";
import { replaceFile } from "./replace-file.ts";
import type { UpkeepPorts, UpkeepSteps } from "./upkeep.ts";

const NOTHING: ArchiveReply = { files: [], obsolete: [], days: [], events: 0, next: null };
/** Adopted files stand before all that arrives here. */
const BEFORE_ALL = -(2 ** 40);

type Ports = UpkeepPorts & { steps: Pick<UpkeepSteps, "copyOut" | "seal">; of: ShardIdentity };

function lakeOf({ env }: Ports): R2Bucket {
  if (!env.LAKE) throw new AppError("unavailable", "there is no bucket to archive to; bind LAKE");
  return env.LAKE;
}

const cutPorts = ({ storage, segments: { store }, pause }: Ports) => ({ storage, store, pause });
const filesOf = ({ segments: { archived } }: Ports, date: string) => [
  ...archived.written(date),
  ...archived.dropped(date),
];

const told = (ports: Ports, date: string, events: number): ArchiveReply => ({
  ...NOTHING,
  files: filesOf(ports, date),
  obsolete: ports.segments.archived.obsolete(date),
  events,
});

/** A file a call, so that none takes long; with the last of them they all stand for what the day's events are now. */
async function write(ports: Ports, { date, part }: Extract<ArchiveOrder, { do: "write" }>): Promise<ArchiveReply> {
  const { storage, steps, of, segments } = ports;
  const { archived } = segments;
  if (part === 0) {
    await steps.copyOut(of);
    await steps.seal(Date.now());
    for (const file of archived.ofState("writing", date)) archived.put(file, "obsolete");
  }
  const day = { siteId: of.siteId, date, lake: lakeOf(ports) };
  const { file, next } = await writeFileOfDay(day, part, cutPorts(ports));
  storage.transactionSync(() => {
    if (file && archived.find(file.key)?.state !== "dropped") archived.put(file, "writing");
    if (next !== null) return;
    const files = archived.ofState("writing", date);
    // Those that are written again are named alike.
    for (const before of archived.written(date)) archived.put(before, "obsolete");
    for (const one of files) archived.put(one, "written");
  });
  return { ...told(ports, date, file?.rows ?? 0), next };
}

/** Drops what the manifest and its files are found to hold; throws, and drops nothing, when they do not. */
async function drop(ports: Ports, date: string): Promise<ArchiveReply> {
  const { of, segments } = ports;
  const { archived } = segments;
  const lake = lakeOf(ports);
  const written = archived.written(date);
  if (written.length === 0) return NOTHING;
  const manifest = await readManifest(lake, of.siteId, date);
  for (const file of written) {
    const told = manifest?.files.find(({ key }) => key === file.key);
    if (!told || told.sha256 !== file.sha256 || told.rows !== file.rows) {
      throw new DamagedArchive(`the manifest of ${date} does not tell of ${file.key}`);
    }
    await readFile(lake, file);
  }
  const [wanted, held] = [digestOfFiles(written), await digestOfDay(date, cutPorts(ports))];
  if (wanted.events !== held.events || wanted.sum !== held.sum) {
    throw new AppError("conflict", `events of ${date} came since it was archived; archive it again`);
  }
  const also = () => {
    for (const file of written) archived.put(file, "dropped");
  };
  return { ...NOTHING, events: await cutDays(cutPorts(ports), { dates: [date], of: () => true, also }) };
}

/** Removes days for good: of the events here, and of what the archive's files had. */
async function remove(ports: Ports, { dates, which }: Extract<ArchiveOrder, { do: "remove" }>): Promise<ArchiveReply> {
  const { archived, back } = ports.segments;
  const goes = (importId: string) => (importId === "") === (which === "live");
  const own = dates.flatMap((date) => filesOf(ports, date)).filter(({ importId }) => goes(importId));
  let away = 0;
  const also = () => {
    for (const file of own) {
      if (archived.find(file.key)?.state === "dropped") away += file.rows;
      ports.segments.store.remove(back.ofFile(file.key));
      back.release(file.key);
      archived.put(file, "obsolete");
    }
    archived.noteGone(dates);
  };
  const events = await cutDays(cutPorts(ports), { dates, of: goes, also });
  return { ...NOTHING, events: events + away };
}

/** Takes files of the archive for its own that it did not know. */
function adopt({ storage, segments: { archived }, dirty }: Ports, files: readonly ArchivedFile[]): ArchiveReply {
  const own = ownRange(storage.sql);
  const mine = files.filter(
    ({ key, fromLead, toLead }) => !archived.has(key) && overlapOf({ from: fromLead, to: toLead + 1 }, own) !== null,
  );
  storage.transactionSync(() => {
    for (const file of mine) archived.put({ ...file, arrival: BEFORE_ALL + file.arrival }, "dropped");
    for (const { date } of mine) dirty.markDay(date);
    dirty.store();
  });
  return { ...NOTHING, events: mine.reduce((sum, { rows }) => sum + rows, 0) };
}

/** Makes a day's events the shard's own again; the files stay as copies. */
async function restore({ storage, segments, pause }: Ports, date: string): Promise<ArchiveReply> {
  const { archived, back, store } = segments;
  const files = archived.dropped(date);
  let events = 0;
  for (const file of files) {
    if (!back.isFetched(file.key)) await back.fetch([file], pause);
    const ids = back.ofFile(file.key);
    const facts = store.thawed().filter(({ id }) => ids.includes(id));
    storage.transactionSync(() => {
      store.replace(ids, []);
      back.release(file.key);
      archived.put(file, "written");
    });
    store.refresh();
    events += facts.reduce((sum, { count }) => sum + count, 0);
  }
  return { ...NOTHING, events };
}

/** Only while no visitors move: then a shard has all of its own and no others'. */
export async function follow(ports: Ports, order: ArchiveOrder): Promise<ArchiveReply> {
  if (order.do === "inventory") return { ...NOTHING, days: await heldDays(cutPorts(ports), order.before) };
  if (ports.given.leaving || !ports.pieces.whole) {
    throw new AppError("conflict", "visitors are moving to other shards; ask again when they have moved");
  }
  if (order.do === "replace") {
    await replaceFile(ports, order);
    return NOTHING;
  }
  if (order.do === "remove") return remove(ports, order);
  // Those who are left out of what is given are here until the visitors have moved.
  if (ports.erasing.subjects().length > 0) {
    throw new AppError("conflict", "a person is being erased; ask again when that is done");
  }
  if (order.do === "write") return write(ports, order);
  if (order.do === "drop") return drop(ports, order.date);
  if (order.do === "adopt") return adopt(ports, order.files);
  return restore(ports, order.date);
}
