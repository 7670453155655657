// What other rooms may ask of a SiteShard, as Durable Object RPC. Types only.
import type { ArchivedFile, HeldDay } from "../../workers/domain/archive.ts";
import type { BackupAsk, BackupReply, RestorePart, RestoreReply } from "../../workers/domain/backup.ts";
import type { Digest } from "../../workers/domain/digest.ts";
import type { LiveCount, LiveEvent, LiveMinute } from "../../workers/domain/live.ts";
import type { Period } from "../../workers/domain/period.ts";
import type { ErasedPart, ErasedRoll, RollDifference } from "../../workers/domain/rollup.ts";
import type { VisitorRange } from "../../workers/domain/shard.ts";
import type { Goal, Site, SiteId } from "../../workers/domain/site.ts";
import type { HeldOfPerson, Identity, Subject, WantedIdentities } from "../../workers/domain/subject.ts";
import type { Violation } from "../../workers/domain/tracking-plan.ts";
import type { ScanProgress, ScanReply, ScanRequest } from "../../workers/engine/scan.ts";

/** One event on its way to the log. `packed` is a PackedEvent as JSON: it is stored as it stands, parsed once. */
export interface AppendItem {
  packed: string;
  /** The visitor id of the day before, in the half hour after local midnight: kept while that session is open. */
  previousVisitorId?: string;
  /** A repeat that was looked for in the other shards of the epochs that the sender knows. */
  retry?: true;
  /** Where it does not fit the tracking plan. */
  violations?: readonly Violation[];
  /** For which it is kept, but not taken. */
  held?: true;
}

/** Who the object is; sent with each call, since an object cannot know its site before the first. */
export interface ShardIdentity {
  siteId: SiteId;
  shard: number;
  shards: number;
  epoch: number;
  timeZone: string;
  jurisdiction: Site["jurisdiction"];
}

export interface AppendBatch {
  of: ShardIdentity;
  /** Set for history: the rows can be undone as one, and lines are remembered until the import ends. */
  importId?: string;
  /** When that import was opened, which tells it from an undone one of the same id. */
  importBegan?: number;
  items: AppendItem[];
  /** The sender knows that visitors move to the next epoch. */
  moving?: true;
  /** Events a second that the shard may take; left out, there is no limit. */
  limit?: number;
  /** Refusals of the same request, to be counted: reason → count. */
  drops?: Record<string, number>;
  /** Personal values replaced in the same request: kind and place → count. */
  found?: Record<string, number>;
}

/**
 * Per item, in order. `quarantined`: kept, but not taken. `forward`: the old session is closed, send it to the new visitor's shard. `ended`: the import was
 * finished or undone while the line was on its way; it was not taken. `given`: the visitor is the next epoch's, ask there.
 * `frozen`: the visitor is being handed over, ask again in a moment.
 */
export type AppendStatus = "accepted" | "duplicate" | "quarantined" | "forward" | "ended" | "given" | "frozen";

/** The site is over its limit: nothing was taken, send again after so many milliseconds. */
export interface Limited {
  limitedFor: number;
}

/** A shard's live counters; absolute, so that a lost or repeated message does no harm. */
export interface ShardLive {
  epoch: number;
  shard: number;
  sequence: number;
  /** Ranges of visitors that are the next epoch's, and those that were taken over and are counted here. */
  given: VisitorRange[];
  taken: VisitorRange[];
  visitors: number;
  minutes: LiveMinute[];
  pages: LiveCount[];
  sources: LiveCount[];
  countries: LiveCount[];
  goals: LiveCount[];
  events: LiveEvent[];
}

export interface Watch {
  of: ShardIdentity;
  goals: Goal[];
  /** The lease's end, milliseconds; the shard pushes until then and rests after. */
  until: number;
}

export interface LeftOut {
  events: number;
  /** When the first and the last of them were sealed, milliseconds. */
  since: number;
  until: number;
}

export interface ShardStats {
  events: number;
  logRows: number;
  segments: number;
  /** Events not yet copied to D1. */
  unflushed: number;
  /** Events that were sealed while D1 was away too long for the log to wait: its raw copy lacks up to so many. */
  leftOut: LeftOut | null;
  bytes: number;
  /** What scans of the whole isolate hold, by our own count of buffers; `most` since last asked. */
  scanBytes: { now: number; most: number };
  firstEventAt: number | null;
  lastEventAt: number | null;
}

/** Told now and then; false stops the scan. It is a call to whoever asked, and fails when they have gone, which stops it too. */
export type ScanWatch = (progress: ScanProgress) => boolean | Promise<boolean>;

/** Of a scan that its watch stopped; the rest of the reply then says nothing. */
export interface Cancelled {
  cancelled: true;
}

export interface ShardReply extends ScanReply, Partial<Cancelled> {
  /** Ranges of visitors that the reply leaves out, since they are the next epoch's: to be asked for there. */
  given: VisitorRange[];
  /** Why it could not be answered; the rest of the reply then says nothing. */
  refused?: string;
}

/** Packed events as JSON, joined by commas. */
export interface GivenEvents {
  importId: string;
  body: string;
  count: number;
}

/** A segment by its place in the order of arrival, and the rows of it that are done. */
export interface SealedCursor {
  arrival: number;
  segment: number;
  row: number;
}

export interface SealedPart {
  parts: GivenEvents[];
  cursor: SealedCursor;
  end: boolean;
}

export interface LogPart {
  parts: GivenEvents[];
  /** The last log row read. */
  seq: number;
  end: boolean;
}

/** How far ids are given: those that came at `after` or later, by the old shard's clock. */
export interface IdsCursor {
  after: number;
  /** Last page of the runs on disk that was given, and last row of the newest ids. */
  page: number;
  recent: number;
}

export interface IdsPart {
  /** When it was asked, milliseconds. */
  asOf: number;
  /** Hashes as pairs of words. */
  words: Uint32Array;
  /** Null when that was all. */
  cursor: IdsCursor | null;
}

/** An import that takes no more lines. */
export interface EndedImport {
  id: string;
  /** When it was opened. An undone import may be opened again, later. */
  began: number;
  how: "finished" | "undone";
  at: number;
}

export interface GivenMemory {
  /** Lines taken of open imports: [from, to, from, to, …]. */
  lines: { importId: string; ranges: number[] }[];
  ended: EndedImport[];
  /** Open sessions as the object stores them; null when there are none. */
  sessions: string | null;
  /** Files of the archive that hold what is or was the shard's, and dates of which events were removed for good. */
  archived: { file: ArchivedFile; state: "writing" | "written" | "dropped" | "obsolete" }[];
  gone: string[];
  /** What erased persons had brought; of a backup, since a shard that takes over asks for it by itself. */
  erased?: ErasedRoll[];
  /** Hours whose roll-up is out of date, and what else waits, for a shard that goes on with the same roll-ups; of another epoch, if one is named. */
  rolls: { epoch: number | null; hours: number[]; state: GivenRollState };
}

export interface GivenRollState {
  days: number[];
  months: number[];
  lasting: boolean;
  renewed: { timeZone: string; form: number } | null;
}

/**
 * `inventory`: the days before a moment. `write`: a day's events as files, one a call; the reply names all of the day that the shard knows.
 * `drop`: what those hold, once the manifest names them. `remove`: days for good. `adopt`: files that another object had.
 * `restore`: a day's events become the shard's own again. `replace`: a file by one without those persons, or by none.
 */
export type ArchiveOrder =
  | { do: "inventory"; before: number }
  | { do: "write"; date: string; part: number }
  | { do: "drop" | "restore"; date: string }
  | { do: "remove"; dates: string[]; which: "live" | "imports" }
  | { do: "adopt"; files: ArchivedFile[] }
  | { do: "replace"; key: string; file: ArchivedFile | null; subjects: readonly Subject[] };

export interface ArchiveReply {
  files: ArchivedFile[];
  /** Keys of the day's files that no longer count. */
  obsolete: string[];
  days: HeldDay[];
  /** Events that were written, dropped, removed, adopted or restored. */
  events: number;
  /** Of `write`: the part to ask for next, null after the last. */
  next: number | null;
}

export interface HandOver {
  range: VisitorRange;
  /** Last log row that the new shard has of the range. */
  seq: number;
  events: number;
}

/** What a shard of a new epoch is to take over. */
export interface MoveOrder {
  of: ShardIdentity;
  oldShards: number;
  /** The epoch whose roll-ups are gone on with, by as many shards; null where all is rolled up anew. */
  rollEpoch: number | null;
}

export interface MoveProgress {
  pieces: number;
  /** Pieces that are taken over, and events copied so far. */
  taken: number;
  events: number;
}

/** How far the shard's roll-ups can be taken at their word; times in milliseconds. */
export interface ShardStanding {
  /** Buckets that end later are open. */
  closedUntil: number;
  /** UTC hours, and starts of local days and months, of which the roll-ups may not say all. */
  hours: number[];
  days: number[];
  months: number[];
  /** Whether a day's visitors must be looked for on the 31 days before, and not on one. */
  lasting: boolean;
  /** Since when all events that came are there still, milliseconds; null while none are sealed. */
  heldSince: number | null;
  /** Changes when anything was rolled up. */
  rolls: number;
  /** Of each period asked about, what changes when an event of it comes or goes. */
  versions: string[];
  /** Where imported events lie, if periods were asked about; spans without gaps of more than a day. */
  imported: Period[];
}

/** What a look at some closed roll-ups found. */
export interface RollCheck {
  /** End of the last hour that was looked at, milliseconds; null when none is left. */
  through: number | null;
  /** Buckets that were compared with the events. */
  checked: number;
  /** Those that said anything else, and are rolled up again. */
  differing: number;
  /** Those whose events are gone, and which stay. */
  kept: number;
  /** What differed, before it is rolled up again; a hundred buckets at most. */
  differences: RollDifference[];
}

export interface SeenReply {
  seen: boolean[];
  /** Whether visitors were given to the next epoch, which may have seen more. */
  gave: boolean;
}

export interface SiteShardRpc {
  standing(timeZone: string, periods: Period[]): Promise<ShardStanding>;
  /** `busy`: too many wait for a commit; nothing was taken, send again. */
  append(batch: AppendBatch): Promise<AppendStatus[] | "busy" | Limited>;
  /** One event in three strings, which cross to the object at half the cost of a batch: `of` is a ShardIdentity as JSON. */
  appendOne(of: string, packed: string, previousVisitorId?: string): Promise<AppendStatus | "busy">;
  /** Which of these event ids were seen in the last 48 h; asked of the other shards for a flagged retry. */
  seen(ids: string[]): Promise<SeenReply>;
  /** `within`: only those visitors, which must be this shard's. `watch` is told how far it is, and may stop it. */
  scan(requests: ScanRequest[], within?: VisitorRange[], watch?: ScanWatch): Promise<ShardReply>;
  watch(watch: Watch): Promise<ShardLive>;
  /** Minutes with events from then on, oldest first, of the last 48 hours. */
  minutes(since: number): Promise<LiveMinute[]>;
  /** Forgets which lines of the import were taken; it takes no more. `began`: when it was opened. */
  finishImport(importId: string, began: number): Promise<void>;
  undoImport(importId: string, began: number): Promise<{ removed: number }>;
  /** What the shard holds of an import: its events, and while it is open the highest line taken, -1 for none. */
  importProgress(importId: string): Promise<{ events: number; lastLine: number }>;
  /** Compares the closed roll-ups that follow `after` with the events; null begins with the first. */
  checkRolls(after: number | null): Promise<RollCheck>;
  /** The same of all that ended in the last two days; what was right and says the same still is not read again. */
  checkRecentRolls(): Promise<RollCheck>;
  /** Of all that ended before, what cannot be right by how many rows there are and what they add up to. */
  checkOldRolls(): Promise<RollCheck>;
  archive(of: ShardIdentity, order: ArchiveOrder): Promise<ArchiveReply>;
  /** Copies what is due to D1 now instead of at the next alarm. */
  flush(): Promise<void>;
  stats(): Promise<ShardStats>;
  /** Begins to take visitors over from the epoch before, or goes on. */
  takeOver(order: MoveOrder): Promise<void>;
  moveProgress(): Promise<MoveProgress>;
  giveSealed(range: VisitorRange, cursor: SealedCursor): Promise<SealedPart>;
  /** Seals what can be sealed and nothing more until the range is given. True when segments follow the cursor. */
  closeRange(range: VisitorRange, cursor: SealedCursor): Promise<boolean>;
  /** Of all sealed events of the range. */
  digestSealed(range: VisitorRange): Promise<Digest>;
  giveLog(range: VisitorRange, after: number): Promise<LogPart>;
  giveIds(cursor: IdsCursor): Promise<IdsPart>;
  /** Takes no events of the range for a moment; returns what the object has in mind of it. */
  freezeRange(range: VisitorRange): Promise<GivenMemory>;
  /** What erased persons had brought: told in sums of all visitors, so whoever takes the shard's first visitors has it. */
  giveErased(range: VisitorRange, after: number): Promise<ErasedPart>;
  /** False when the range has events that the new shard lacks. */
  handOver(order: HandOver): Promise<boolean>;
  /** A copy of everything as it was at one instant, in parts. */
  backup(ask: BackupAsk): Promise<BackupReply>;
  /** Fills an object without events, part by part. */
  restore(of: ShardIdentity, part: RestorePart): Promise<RestoreReply>;
  /** Empties an object whose visitors were all given away and whose log is in D1; false when it is not so far. */
  leave(): Promise<boolean>;
  /** The distinct ids of events that have any of those wanted. */
  identities(wanted: WantedIdentities): Promise<Identity[]>;
  /** From now on what is given to the next epoch is without the person; false while visitors move already. */
  leaveOut(of: ShardIdentity, subject: Subject): Promise<boolean>;
  heldOf(siteId: string, subject: Subject): Promise<HeldOfPerson>;
  /** Roll-ups of the shard were changed by another hand: what was read of them before is no longer so. */
  rolledElsewhere(): Promise<void>;
}
