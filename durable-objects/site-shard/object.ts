import { DurableObject } from "cloudflare:workers";
import type { BackupAsk, BackupReply, RestorePart, RestoreReply } from "../../workers/domain/backup.ts";
import type { Digest } from "../../workers/domain/digest.ts";
import { LIMITED } from "../../workers/domain/drop-reason.ts";
import type { Period } from "../../workers/domain/period.ts";
import { piecesOf, type VisitorRange } from "../../workers/domain/shard.ts";
import type { Env } from "../../workers/env.ts";
import { raiseByLoad } from "../../workers/store/moves.ts";
import { createAdmission } from "./admission.ts";
import { type AlarmClock, createAlarmClock } from "./alarm-clock.ts";
import { type Backups, createBackups } from "./backup.ts";
import { planCommit } from "./commit.ts";
import { countLive } from "./count-live.ts";
import { createDirtyHours, type DirtyHours } from "./dirty-hours.ts";
import { createFindings, type Findings, writeCommit } from "./findings.ts";
import { createGather } from "./gather.ts";
import { digestSealed, type GivingPorts, giveLog, giveMemory, giveSealed, handOver, hasMore } from "./give.ts";
import { giveIds } from "./give-ids.ts";
import { createGivenRanges, type GivenRanges } from "./given-ranges.ts";
import { leaveShard } from "./leave-shard.ts";
import { createLivePush, type LivePush } from "./live-push.ts";
import { fillOf, sizeOfLog } from "./log.ts";
import { createLogSpans } from "./log-spans.ts";
import { recallMemory, type ShardMemory } from "./memory.ts";
import { createMove } from "./move.ts";
import { outboxPosition } from "./outbox.ts";
import { type Counting, countOwned, type Owners, ownedBy } from "./owned-counts.ts";
import type {
  AppendBatch,
  AppendStatus,
  ArchiveOrder,
  ArchiveReply,
  GivenMemory,
  HandOver,
  IdsCursor,
  IdsPart,
  Limited,
  LogPart,
  MoveOrder,
  MoveProgress,
  RollCheck,
  SealedCursor,
  SealedPart,
  SeenReply,
  ShardIdentity,
  ShardLive,
  ShardReply,
  ShardStanding,
  ShardStats,
  SiteShardRpc,
  Watch,
} from "./protocol.ts";
import { createRequestRate } from "./request-rate.ts";
import { createRestoring } from "./restore.ts";
import { createRollState, type RollState } from "./roll-state.ts";
import { scanOwned } from "./scan-owned.ts";
import { createSegments, type Segments } from "./segments.ts";
import { type StandingPorts, standingOf } from "./standing.ts";
import { statsOf } from "./stats.ts";
import { createTables, readFact, writeFact } from "./tables.ts";
import { createTakenPieces, type TakenPieces } from "./taken-pieces.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

/** Time that events may wait for their copy in D1. */
const FLUSH_MS = 5_000;
const RETRY_MS = 30_000;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** One site's visitors whose id falls into this shard: their log, segments, live counters and scans. */
export class SiteShard extends DurableObject<Env> implements SiteShardRpc {
  private readonly sql: SqlStorage;
  private readonly segments: Segments;
  private readonly memory: ShardMemory;
  protected readonly dirty: DirtyHours;
  private readonly findings: Findings;
  private readonly rolls: RollState;
  private readonly stands: StandingPorts;
  protected readonly upkeep: Upkeep;
  private readonly gather = createGather<AppendBatch, AppendStatus[]>({
    commit: (batches) => this.commit(batches),
    turn: pause,
  });
  private readonly admission = createAdmission();
  private of: ShardIdentity | undefined;
  /** `of` as JSON, once a request said so. */
  private ofText = "";
  private readonly clock: AlarmClock;
  private readonly rate = createRequestRate();
  private readonly given: GivenRanges;
  private readonly pieces: TakenPieces;
  private readonly owners: Owners;
  private readonly counting: Counting;
  private readonly giving: GivingPorts;
  private readonly live: LivePush;
  private readonly backups: Backups;
  private readonly refill: (part: RestorePart) => Promise<RestoreReply>;
  private readonly move: (of: ShardIdentity) => Promise<void>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.clock = createAlarmClock(ctx.storage);
    createTables(this.sql);
    this.of = readFact<ShardIdentity>(this.sql, "identity");
    this.segments = createSegments(ctx.storage, env.LAKE);
    this.given = createGivenRanges(this.sql);
    this.pieces = createTakenPieces(this.sql);
    this.owners = { given: this.given, pieces: this.pieces };
    const { store, archived } = this.segments;
    this.memory = recallMemory(ctx.storage, store, { now: Date.now(), owns: ownedBy(this.owners) });
    this.dirty = createDirtyHours(this.sql, store, outboxPosition(this.sql).done);
    this.findings = createFindings(this.sql);
    this.rolls = createRollState(this.sql);
    const { segments, memory, dirty, findings, rolls } = this;
    this.stands = { log: createLogSpans(this.sql, segments), segments, dirty, rolls };
    const kept = { memory, segments, dirty, findings, rolls, ...this.owners };
    this.admission.measured(fillOf(sizeOfLog(this.sql)));
    this.upkeep = createUpkeep({ storage: ctx.storage, env, ...kept, pause });
    this.counting = { ...this.owners, sql: this.sql, store, archived };
    const recall = () => this.recall();
    this.live = createLivePush({ sql: this.sql, env, memory, owners: this.owners, identity: () => this.of });
    const shared = { storage: ctx.storage, store, archived, memory, given: this.given, pause, recall };
    const taking = { ...shared, env, dirty, rolls, pieces: this.pieces, upkeep: this.upkeep };
    this.move = createMove(taking);
    this.backups = createBackups(taking);
    this.refill = createRestoring(taking);
    this.giving = shared;
  }

  async append(batch: AppendBatch): Promise<AppendStatus[] | "busy" | Limited> {
    this.identify(batch.of);
    if (this.rate.note(Date.now())) {
      // Told again in a minute, should that fail.
      this.ctx.waitUntil(raiseByLoad(this.env, batch.of, Date.now()).catch((error: unknown) => console.error(error)));
    }
    this.findings.counts.note(batch, Date.now());
    if (batch.items.length === 0) {
      await this.clock.ringBy(Date.now() + FLUSH_MS);
      return [];
    }
    const refusal = this.admission.enter(batch, Date.now());
    if (refusal) {
      if (refusal !== "busy") this.findings.counts.note({ drops: { [LIMITED]: batch.items.length } }, Date.now());
      // A full log is sealed soon, whoever filled it.
      await this.clock.ringBy(Date.now() + FLUSH_MS);
      return refusal;
    }
    try {
      return await this.gather.add(batch);
    } finally {
      this.admission.leave(batch, Date.now());
    }
  }

  async appendOne(of: string, packed: string, previousVisitorId?: string): Promise<AppendStatus | "busy"> {
    const known = this.of !== undefined && of === this.ofText ? this.of : (JSON.parse(of) as ShardIdentity); // written by collect
    const item = previousVisitorId === undefined ? { packed } : { packed, previousVisitorId };
    const statuses = await this.append({ of: known, items: [item] });
    return Array.isArray(statuses) ? (statuses[0] ?? "busy") : "busy";
  }

  private async commit(batches: AppendBatch[]): Promise<AppendStatus[][]> {
    const { seen, lines, ended, live } = this.memory;
    const placeOf = (visitorId: string, now: number) =>
      this.pieces.owns(visitorId) ? this.given.placeOf(visitorId, now) : "frozen";
    const gave = this.given.given.length > 0;
    const plan = planCommit(batches, { seen, lines, ended, openSession: live.openSession, placeOf, gave });
    try {
      // Before any answer counts a day by itself.
      if (plan.lasting) this.rolls.lasting = true;
      writeCommit({ storage: this.ctx.storage, findings: this.findings }, plan, this.of);
    } catch (error) {
      plan.undo();
      throw error;
    }
    try {
      await this.clock.ringBy(Date.now() + FLUSH_MS);
      await this.ctx.storage.sync();
    } catch (error) {
      // What is on disk is not known: begin again from there, and let the senders repeat.
      this.ctx.abort(String(error));
      throw error;
    }
    this.admission.logged(fillOf(plan.entries));
    // Rebuilt meanwhile, the counters know these events from the log.
    countLive(plan.live, { ...this.memory, dirty: this.dirty, apply: this.memory.live === live });
    if (plan.live.length > 0) this.live.soon();
    for (const entry of plan.entries) if (entry.importId !== "") this.dirty.markPast(entry.at);
    return plan.statuses;
  }

  /** Begins to count from storage anew: visitors came or went. */
  private recall(): void {
    Object.assign(
      this.memory,
      recallMemory(this.ctx.storage, this.segments.store, {
        now: Date.now(),
        owns: ownedBy(this.owners),
        runs: this.memory.runs,
      }),
    );
    this.segments.reset();
    this.live.soon(0);
  }

  private identify(of: ShardIdentity): void {
    if (this.of === of) return;
    const text = JSON.stringify(of);
    const isSame = JSON.stringify(this.of) === text;
    this.of = of;
    this.ofText = text;
    if (!isSame) writeFact(this.sql, "identity", of);
  }

  async seen(ids: string[]): Promise<SeenReply> {
    return { seen: ids.map((id) => this.memory.seen.has(id)), gave: this.given.given.length > 0 };
  }

  async scan(...asked: Parameters<SiteShardRpc["scan"]>): Promise<ShardReply> {
    const reply = await scanOwned(asked, { ...this.owners, segments: this.segments, pause });
    // What was read back for it is forgotten after a while.
    if (reply.archived) await this.clock.ringBy(this.segments.back.nextExpiry() ?? Date.now());
    return reply;
  }

  async standing(timeZone: string, periods: Period[]): Promise<ShardStanding> {
    return standingOf(this.stands, { timeZone, periods, now: Date.now() });
  }

  async checkRolls(after: number | null): Promise<RollCheck> {
    const check = await this.upkeep.checkRolls(this.of, after);
    if (check.differing > 0) await this.clock.ringBy(Date.now());
    return check;
  }

  async watch(watch: Watch): Promise<ShardLive> {
    this.identify(watch.of);
    return this.live.watch(watch);
  }

  async finishImport(importId: string, began: number): Promise<void> {
    this.memory.ended.add({ id: importId, began, how: "finished", at: Date.now() });
    this.memory.lines.forget(importId);
    this.sql.exec("delete from taken_lines where import_id = ?", importId);
  }

  async undoImport(importId: string, began: number): Promise<{ removed: number }> {
    this.memory.ended.add({ id: importId, began, how: "undone", at: Date.now() });
    if (!this.of) return { removed: 0 };
    const removed = await this.upkeep.undoImport(this.of, importId);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return { removed };
  }

  async importProgress(importId: string): Promise<{ events: number; lastLine: number }> {
    const lastLine = this.memory.lines.ranges(importId).at(-1) ?? -1;
    return { events: countOwned(this.counting, importId), lastLine };
  }

  async stats(): Promise<ShardStats> {
    return statsOf(this.counting, this.segments);
  }

  async archive(of: ShardIdentity, order: ArchiveOrder): Promise<ArchiveReply> {
    this.identify(of);
    const reply = await this.upkeep.archive(of, order);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return reply;
  }

  async flush(): Promise<void> {
    if (this.of) await this.upkeep.copyOut(this.of);
  }

  async takeOver({ of, oldShards }: MoveOrder): Promise<void> {
    this.identify(of);
    this.pieces.begin(piecesOf(of.shard, of.shards, oldShards));
    await this.clock.ringBy(Date.now());
  }

  async moveProgress(): Promise<MoveProgress> {
    const { all } = this.pieces;
    const taken = all.filter(({ state }) => state === "taken").length;
    return { pieces: all.length, taken, events: all.reduce((sum, { events }) => sum + events, 0) };
  }

  async giveSealed(range: VisitorRange, cursor: SealedCursor): Promise<SealedPart> {
    if (cursor.segment === 0) await this.upkeep.leaveRange(range);
    return giveSealed(this.giving, range, cursor);
  }

  async closeRange(range: VisitorRange, cursor: SealedCursor): Promise<boolean> {
    await this.upkeep.closeRange(this.of, range);
    return hasMore(this.giving, cursor);
  }

  async digestSealed(range: VisitorRange): Promise<Digest> {
    return digestSealed(this.giving, range);
  }

  async giveLog(range: VisitorRange, after: number): Promise<LogPart> {
    return giveLog(this.giving, range, after);
  }

  async giveIds(cursor: IdsCursor): Promise<IdsPart> {
    return giveIds(this.giving, cursor);
  }

  async freezeRange(range: VisitorRange): Promise<GivenMemory> {
    this.given.freeze(range, Date.now());
    return giveMemory(this.giving, range, Date.now());
  }

  async handOver(order: HandOver): Promise<boolean> {
    return handOver(this.giving, order);
  }

  async backup(ask: BackupAsk): Promise<BackupReply> {
    return this.backups.answer(this.of, ask);
  }

  async restore(of: ShardIdentity, part: RestorePart): Promise<RestoreReply> {
    const reply = await this.refill(part);
    if (reply === "taken") this.identify(of);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return reply;
  }

  async leave(): Promise<boolean> {
    if (!this.of) return true;
    const { given, upkeep, clock } = this;
    const isEmpty = await leaveShard(this.of, { storage: this.ctx.storage, given, upkeep, clock });
    if (isEmpty) this.recall();
    return isEmpty;
  }

  override async alarm(): Promise<void> {
    this.clock.clear();
    this.backups.expire(Date.now());
    if (!this.of) return;
    const of = this.of;
    const failures: unknown[] = [];
    const attempt = (task: Promise<boolean>) => task.catch((error: unknown) => failures.push(error) < 0);
    // The log is sealed whether or not D1 has answered.
    const points = await attempt(this.upkeep.copyOut(of));
    const merges = await attempt(this.upkeep.tidy(of, Date.now()));
    await attempt(this.move(of).then(() => true));
    this.admission.measured(fillOf(sizeOfLog(this.sql)));
    if (failures.length > 0) {
      console.error("shard upkeep failed and is tried again", ...failures);
      return this.clock.ringBy(Date.now() + RETRY_MS);
    }
    const next = points || merges ? Date.now() : this.upkeep.nextWork(of, Date.now());
    if (next !== null) await this.clock.ringBy(next);
  }
}
