// The new shard's side of a move. A step at a time, each in the order of everything else that rewrites the object: copy
// sealed history and check it, follow the log, have the last of it while the old shard waits, then be handed the range.
// Every step notes how far it is in the transaction of what it writes, and may be repeated.
import { ARCHIVE_DAY_MS, startOf } from "../../workers/domain/archive.ts";
import { addToDigest, type Digest, EMPTY_DIGEST } from "../../workers/domain/digest.ts";
import type { ErasedPart, ErasedRoll } from "../../workers/domain/rollup.ts";
import type { VisitorRange } from "../../workers/domain/shard.ts";
import type { Env } from "../../workers/env.ts";
import { siteShard } from "../../workers/store/objects.ts";
import { copyRollups } from "../../workers/store/rollups.ts";
import type { ArchivedFiles } from "./archived-files.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ErasedRolls } from "./erased-rolls.ts";
import { takeIds } from "./give-ids.ts";
import { unionOf } from "./intervals.ts";
import type { ShardMemory } from "./memory.ts";
import type { GivenMemory, ShardIdentity, SiteShardRpc } from "./protocol.ts";
import { bucketOf, HOUR_MS } from "./roll-calendar.ts";
import { rollEpochOf } from "./roll-epoch.ts";
import type { RollState } from "./roll-state.ts";
import { eventsInRange } from "./sealed-events.ts";
import type { SegmentStore } from "./segment-store.ts";
import { storeLines } from "./stored-memory.ts";
import { takeIn } from "./take-in.ts";
import type { TakenPiece, TakenPieces } from "./taken-pieces.ts";

export interface TakePorts {
  storage: DurableObjectStorage;
  store: SegmentStore;
  env: Env;
  memory: ShardMemory;
  dirty: DirtyHours;
  rolls: RollState;
  erased: ErasedRolls;
  pieces: TakenPieces;
  archived: ArchivedFiles;
  pause: () => Promise<void>;
  /** Rebuilds the memory, now that visitors were added to it. */
  recall: () => void;
}

type Old = Pick<
  SiteShardRpc,
  "giveSealed" | "closeRange" | "digestSealed" | "giveLog" | "giveIds" | "giveErased" | "freezeRange" | "handOver"
>;

const rangeOfPiece = ({ from, to }: TakenPiece) => ({ from, to });

const goesOn = ({ storage: { sql } }: TakePorts): boolean => rollEpochOf(sql) !== null;

const takenSegments = ({ storage: { sql } }: TakePorts, { oldShard }: TakenPiece): number[] =>
  sql
    .exec<{ id: number }>("select segment as id from taken_segments where old_shard = ?", oldShard)
    .toArray()
    .map(({ id }) => id);

/** Of what this shard has stored of the piece. */
async function digestTaken(ports: TakePorts, piece: TakenPiece): Promise<Digest> {
  const own = new Set(takenSegments(ports, piece));
  let digest = EMPTY_DIGEST;
  // Those of an import that was undone meanwhile are no longer among all.
  for (const { id } of ports.store.all()) {
    if (!own.has(id)) continue;
    for (const { events } of eventsInRange(ports.store.batch(id), piece)) digest = addToDigest(digest, events);
    await ports.pause();
  }
  return digest;
}

/** What was copied is not what there was: begins the piece again. */
function discard(ports: TakePorts, piece: TakenPiece): void {
  const { storage, store, pieces } = ports;
  storage.transactionSync(() => {
    store.remove(takenSegments(ports, piece));
    storage.sql.exec("delete from taken_segments where old_shard = ?", piece.oldShard);
    pieces.update(piece.oldShard, { state: "sealed", arrival: 0, segment: 0, row: 0, seq: 0, events: 0 });
  });
  store.refresh();
}

/** Remembers which segments are copies, until the piece is taken. */
const noteSegments =
  ({ storage: { sql } }: TakePorts, oldShard: number) =>
  (segment: number): void =>
    void sql.exec("insert into taken_segments values (?, ?)", segment, oldShard);

async function copySealed(ports: TakePorts, old: Old, piece: TakenPiece): Promise<void> {
  const { pieces } = ports;
  const range = rangeOfPiece(piece);
  const { oldShard, arrival, segment, row } = piece;
  const { parts, cursor, end } = await old.giveSealed(range, { arrival, segment, row });
  const note = (events: number) => pieces.update(oldShard, { ...cursor, events: piece.events + events });
  await takeIn(parts, { ...ports, goesOn: goesOn(ports), took: noteSegments(ports, oldShard), note });
  if (!end) return;
  // From here on nothing is sealed, so that what the log has is in no segment that was passed.
  if (await old.closeRange(range, cursor)) return;
  const [wanted, found] = [await old.digestSealed(range), await digestTaken(ports, piece)];
  if (wanted.events === found.events && wanted.sum === found.sum) pieces.update(oldShard, { state: "logged" });
  else {
    console.error("a copy was not what it should be and is made again", wanted, found);
    discard(ports, piece);
  }
}

/** One part of the log; true when that was the last. */
async function copyLog(ports: TakePorts, old: Old, oldShard: number): Promise<boolean> {
  const { pieces } = ports;
  const piece = pieces.all.find((one) => one.oldShard === oldShard)!;
  const { parts, seq, end } = await old.giveLog(rangeOfPiece(piece), piece.seq);
  const note = (events: number) => pieces.update(oldShard, { seq, events: piece.events + events });
  await takeIn(parts, { ...ports, goesOn: goesOn(ports), took: noteSegments(ports, oldShard), note });
  return end;
}

/** What the archive has of the old shard stands before all that arrives here. */
const BEFORE_ALL = -(2 ** 40);

/** Roll-ups of another epoch are made of archived events too; those of events that are gone are copied as they are. */
function keepArchived(ports: TakePorts, { archived: files, gone }: GivenMemory, of: ShardIdentity): void {
  const { archived, dirty, rolls } = ports;
  const isMadeAnew = !goesOn(ports);
  for (const { file, state } of files) {
    // What one of the old shards had replaced already is so here.
    if (archived.has(file.key) && state !== "obsolete") continue;
    archived.put({ ...file, arrival: BEFORE_ALL + file.arrival }, state);
    if (isMadeAnew && state === "dropped") dirty.markDay(file.date);
  }
  dirty.store();
  archived.noteGone(gone);
  if (isMadeAnew) rolls.months.add(gone.map((date) => bucketOf(startOf(date), "month", of.timeZone).start));
}

/** What was told of events that are gone, by whichever shard; there already where the old roll-ups are gone on with. */
async function copyGone(
  ports: TakePorts,
  { siteId, epoch }: ShardIdentity,
  { gone, rolls }: GivenMemory,
): Promise<void> {
  if (goesOn(ports)) return;
  const spans = gone.map((date) => ({ from: startOf(date), to: startOf(date) + ARCHIVE_DAY_MS }));
  const from = rolls.epoch ?? epoch - 1;
  if (spans.length > 0) await copyRollups(ports.env.DB, { siteId, from, to: epoch }, spans);
}

/** They are rolled up anew: there may be nobody else in these buckets. */
function markBuckets({ dirty, rolls }: Pick<TakePorts, "dirty" | "rolls">, erased: readonly ErasedRoll[]): void {
  const buckets = (grain: string) => erased.flatMap((one) => (one.grain === grain ? one.bucket : []));
  for (const start of buckets("hour")) dirty.mark({ start, at: start + HOUR_MS - 1 });
  dirty.store();
  rolls.days.add(buckets("day"));
}

/** Inside a transaction: of a backup. */
export function keepErased(ports: Pick<TakePorts, "dirty" | "rolls" | "erased">, erased: readonly ErasedRoll[]): void {
  ports.erased.keep(erased);
  markBuckets(ports, erased);
}

async function takeErased(
  ports: TakePorts,
  old: Old,
  { oldShard, range }: { oldShard: number; range: VisitorRange },
): Promise<void> {
  const { storage, erased } = ports;
  for (let after: number | null = 0; after !== null; ) {
    const part: ErasedPart = await old.giveErased(range, after);
    storage.transactionSync(() => {
      if (after === 0) erased.beginTaking(oldShard);
      erased.take(oldShard, part.rolls);
      if (!goesOn(ports)) markBuckets(ports, part.rolls);
    });
    after = part.next;
  }
}

function keepRolls(ports: TakePorts, { hours, state }: GivenMemory["rolls"]): void {
  if (!goesOn(ports)) return;
  ports.dirty.markAll(hours);
  ports.dirty.store();
  ports.rolls.take(state);
}

/** Inside a transaction. */
export function keepMemory(
  { storage: { sql }, memory }: Pick<TakePorts, "storage" | "memory">,
  { lines, ended, sessions }: GivenMemory,
): void {
  for (const one of ended) if (!memory.ended.includes(one.id, one.began)) memory.ended.add(one);
  for (const { importId, ranges } of lines) {
    if (memory.ended.isFinished(importId)) continue;
    memory.lines.restore(importId, unionOf(memory.lines.ranges(importId), ranges));
  }
  storeLines(sql, memory.lines);
  if (sessions) sql.exec("insert into open_sessions (sessions) values (?)", sessions);
}

async function askForRange({ pieces, recall }: TakePorts, old: Old, oldShard: number): Promise<void> {
  const piece = pieces.all.find((one) => one.oldShard === oldShard)!;
  const { seq, events } = piece;
  const handed = await old.handOver({ range: rangeOfPiece(piece), seq, events });
  pieces.update(oldShard, { state: handed ? "taken" : "logged" });
  // Not yet ours: what was counted of it is counted there.
  if (!handed) recall();
}

async function follow(
  ports: TakePorts,
  { old, of }: { old: Old; of: ShardIdentity },
  { oldShard, from, to, idsBefore }: TakenPiece,
): Promise<void> {
  const { storage, pieces } = ports;
  const range = { from, to };
  // Most of them before, so that little is left to copy while the old shard waits.
  let idsAfter = idsBefore;
  if (idsAfter < Date.now() - 3600_000) {
    idsAfter = await takeIds(ports, old, idsAfter);
    pieces.update(oldShard, { idsBefore: idsAfter });
  }
  if (!(await copyLog(ports, old, oldShard))) return;
  await takeErased(ports, old, { oldShard, range });
  const given = await old.freezeRange(range);
  while (!(await copyLog(ports, old, oldShard)));
  await takeIds(ports, old, idsAfter);
  await copyGone(ports, of, given);
  storage.transactionSync(() => {
    keepMemory(ports, given);
    keepArchived(ports, given, of);
    keepRolls(ports, given.rolls);
    pieces.update(oldShard, { state: "ready" });
  });
  ports.recall();
  await askForRange(ports, old, oldShard);
}

/** Does one step; false when nothing is left to take over. */
export async function takeStep(ports: TakePorts, of: ShardIdentity): Promise<boolean> {
  const piece = ports.pieces.next;
  if (!piece) return false;
  const { siteId: id, jurisdiction, epoch } = of;
  const old: Old = siteShard(ports.env, { id, jurisdiction, epoch: epoch - 1 }, piece.oldShard);
  if (piece.state === "sealed") await copySealed(ports, old, piece);
  else if (piece.state === "logged") await follow(ports, { old, of }, piece);
  else await askForRange(ports, old, piece.oldShard);
  return ports.pieces.next !== undefined;
}
