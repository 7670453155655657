// A day of the shard as Parquet files, cut by visitor as segments are, each read back and compared before it counts.
import { type ArchivedFile, dateOf, fileKey, type HeldDay, startOf } from "../../workers/domain/archive.ts";
import { addDigests, addToDigest, type Digest, EMPTY_DIGEST } from "../../workers/domain/digest.ts";
import type { PackedEvent } from "../../workers/domain/event.ts";
import { leadOf } from "../../workers/domain/shard.ts";
import { partOf } from "../../workers/engine/batch-part.ts";
import { eventsOf, sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import { visitorsWithin } from "../../workers/engine/interleave.ts";
import { mergeBatches } from "../../workers/engine/merge-batches.ts";
import { paceOf } from "../../workers/engine/pace.ts";
import { meets, type Slice, slicesOf } from "../../workers/engine/visitor-key.ts";
import { readEvents, writeEvents } from "../../workers/store/archive/event-parquet.ts";
import { DamagedArchive, readFile, sha256Of } from "../../workers/store/archive/lake.ts";
import type { CutPorts } from "./cut-days.ts";
import { dayOf, rowsWhere, segmentsOn } from "./cut-days.ts";
import type { SegmentFacts, SegmentStore } from "./segment-store.ts";

/** Rows of a file, about. */
const FILE_ROWS = 65_536;
const [AT, RECEIVED, VISITOR] = [2, 3, 4] as const;

/** Events of each day before a moment, and about how many bytes they take. */
export async function heldDays({ store, pause }: CutPorts, before: number): Promise<HeldDay[]> {
  const days = new Map<number, HeldDay>();
  const add = (at: number, importId: string, [count, bytes]: [number, number]) => {
    const day = dayOf(at);
    const held = days.get(day) ?? { date: dateOf(day), live: 0, imports: 0, bytes: 0 };
    held[importId === "" ? "live" : "imports"] += count;
    held.bytes += bytes;
    days.set(day, held);
  };
  for (const { id, importId, atMin, atMax, count } of store.all()) {
    if (atMin >= before) continue;
    const each = store.bytesOf(id) / count;
    if (dayOf(atMin) === dayOf(atMax)) add(atMin, importId, [count, count * each]);
    else for (const at of store.batch(id).at) if (at < before) add(at, importId, [1, each]);
    await pause();
  }
  return [...days.values()].map((day) => ({ ...day, bytes: Math.round(day.bytes) }));
}

/** The segment's rows of the day and slice, as a batch of their own. */
function partOfDay(store: SegmentStore, id: number, { day, slice }: { day: number; slice: Slice }): SortedBatch | null {
  const batch = store.batch(id);
  const [first, end] = visitorsWithin(batch.visitors, slice);
  const [from, to] = [batch.visitors.starts[first]!, batch.visitors.starts[end]!];
  const rows = rowsWhere(batch, (at) => dayOf(at) === day).filter((row) => row >= from && row < to);
  return rows.length > 0 ? sortedByVisitor(partOf(batch, rows)) : null;
}

interface Day {
  siteId: string;
  date: string;
  lake: R2Bucket;
}

/** What becomes one file. */
interface PartOfDay {
  importId: string;
  arrival: number;
  segments: readonly SegmentFacts[];
  slice: Slice;
}

function rowsOn(store: SegmentStore, id: number, day: number): number {
  return rowsWhere(store.batch(id), (at) => dayOf(at) === day).length;
}

/** Of all that segments hold of the day, import by import, each cut by visitor. */
function partsOfDay(store: SegmentStore, day: number): PartOfDay[] {
  const own = segmentsOn(store, new Set([day])).filter(({ id }) => rowsOn(store, id, day) > 0);
  return [...Map.groupBy(own, ({ importId }) => importId)].flatMap(([importId, segments]) => {
    const rows = segments.reduce((sum, { id }) => sum + rowsOn(store, id, day), 0);
    const arrival = Math.min(...segments.map((segment) => segment.arrival));
    let slices = 1;
    while (slices * FILE_ROWS < rows) slices *= 2;
    return slicesOf(slices).map((slice) => ({ importId, arrival, segments, slice }));
  });
}

async function eventsOfPart({ segments, slice }: PartOfDay, day: number, { store, pause }: CutPorts) {
  const batches = segments
    .filter(({ id }) => meets(store.batch(id).range, slice))
    .flatMap(({ id }) => partOfDay(store, id, { day, slice }) ?? []);
  const merged = batches.length > 0 ? await mergeBatches(batches, slice, paceOf(pause)) : null;
  return merged ? eventsOf(merged) : [];
}

const bound = (events: readonly PackedEvent[], field: typeof AT | typeof RECEIVED, pick: "min" | "max"): number =>
  events.reduce((found, packed) => Math[pick](found, packed[field]), pick === "min" ? Infinity : -Infinity);

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  let digest = EMPTY_DIGEST;
  for await (const events of readEvents(bytes)) digest = addToDigest(digest, events);
  return digest;
}

type Part = Pick<PartOfDay, "importId" | "arrival"> & { events: PackedEvent[] };

/** Writes one file, reads it back, and says what is in it. */
async function writePart({ importId, arrival, events }: Part, { siteId, date, lake }: Day, pause: () => Promise<void>) {
  const about = { site: siteId, date, import: importId, arrival: String(arrival) };
  const bytes = (await writeEvents(events, { importId, about }, pause)).slice();
  const sha256 = await sha256Of(bytes);
  const file: ArchivedFile = {
    key: fileKey(siteId, date, sha256),
    date,
    importId,
    rows: events.length,
    atMin: bound(events, AT, "min"),
    atMax: bound(events, AT, "max"),
    receivedAt: bound(events, RECEIVED, "max"),
    fromLead: leadOf(events[0]![VISITOR]),
    toLead: leadOf(events.at(-1)![VISITOR]),
    bytes: bytes.length,
    sha256,
    digest: addToDigest(EMPTY_DIGEST, events).sum,
    arrival,
  };
  await lake.put(file.key, bytes, { sha256, httpMetadata: { contentType: "application/vnd.apache.parquet" } });
  const found = await digestOf(await readFile(lake, file));
  if (found.events !== file.rows || found.sum !== file.digest) {
    throw new DamagedArchive(`${file.key} was not read back as it was written`);
  }
  return file;
}

/** Writes the file of that number; null where it would be empty. `next` is null after the last. */
export async function writeFileOfDay(
  day: Day,
  number: number,
  ports: CutPorts,
): Promise<{ file: ArchivedFile | null; next: number | null }> {
  const parts = partsOfDay(ports.store, startOf(day.date));
  const part = parts[number];
  const next = number + 1 < parts.length ? number + 1 : null;
  const events = part ? await eventsOfPart(part, startOf(day.date), ports) : [];
  if (!part || events.length === 0) return { file: null, next };
  return { file: await writePart({ ...part, events }, day, ports.pause), next };
}

/** Of all that segments hold of the day. */
export async function digestOfDay(date: string, { store, pause }: CutPorts): Promise<Digest> {
  const day = startOf(date);
  let digest = EMPTY_DIGEST;
  for (const { id } of segmentsOn(store, new Set([day]))) {
    const batch = store.batch(id);
    const rows = rowsWhere(batch, (at) => dayOf(at) === day);
    if (rows.length > 0) digest = addToDigest(digest, eventsOf(partOf(batch, rows)));
    await pause();
  }
  return digest;
}

/** What the files are said to hold together. */
export const digestOfFiles = (files: readonly ArchivedFile[]): Digest =>
  files.reduce((sum, { rows, digest }) => addDigests(sum, { events: rows, sum: digest }), EMPTY_DIGEST);
