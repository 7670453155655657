import { DurableObject } from "cloudflare:workers";
import { LIMITED } from "../../workers/domain/drop-reason.ts";
import type { Period } from "../../workers/domain/period.ts";
import { covers, piecesOf, rangeOf, type VisitorRange } from "../../workers/domain/shard.ts";
import type { Identity, Subject, WantedIdentities } from "../../workers/domain/subject.ts";
import type { Env } from "../../workers/env.ts";
import { raiseByLoad } from "../../workers/store/moves.ts";
import { createAdmission } from "./admission.ts";
import { type AlarmClock, createAlarmClock } from "./alarm-clock.ts";
import { planCommit } from "./commit.ts";
import { liveCount } from "./count-live.ts";
import { createDirtyHours, type DirtyHours } from "./dirty-hours.ts";
import { createDropCounts, type DropCounts } from "./drop-counts.ts";
import { createGather } from "./gather.ts";
import { digestSealed, type GivingPorts, giveLog, giveMemory, giveSealed, handOver, hasMore } from "./give.ts";
import { giveIds } from "./give-ids.ts";
import { createGivenRanges, type GivenRanges } from "./given-ranges.ts";
import { createLeaveOut, type LeaveOut } from "./leave-out.ts";
import { createLivePush, type LivePush } from "./live-push.ts";
import { appendLog, fillOf, sizeOfLog } from "./log.ts";
import { createLogSpans } from "./log-spans.ts";
import { recallMemory, type ShardMemory } from "./memory.ts";
import { createMove } from "./move.ts";
import { outboxPosition } from "./outbox.ts";
import { type Counting, countOwned, type Owners, ownedBy } from "./owned-counts.ts";
import type * as protocol from "./protocol.ts";
import type { AppendBatch, AppendStatus, ShardIdentity, SiteShardRpc } from "./protocol.ts";
import { createRequestRate } from "./request-rate.ts";
import { goOnWith } from "./roll-epoch.ts";
import { createRollState, type RollState } from "./roll-state.ts";
import { identitiesWith } from "./rows-with.ts";
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
  private readonly drops: DropCounts;
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
  private readonly leaveOuts: LeaveOut;
  private readonly countLive: ReturnType<typeof liveCount>;
  private readonly move: (of: ShardIdentity) => Promise<void>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.clock = createAlarmClock(ctx.storage);
    createTables(this.sql);
    this.of = readFact<ShardIdentity>(this.sql, "identity");
    this.segments = createSegments(this.sql);
    this.given = createGivenRanges(this.sql);
    this.pieces = createTakenPieces(this.sql);
    this.owners = { given: this.given, pieces: this.pieces };
    const { store } = this.segments;
    this.memory = recallMemory(ctx.storage, store, { now: Date.now(), owns: ownedBy(this.owners) });
    this.dirty = createDirtyHours(this.sql, store, outboxPosition(this.sql).done);
    this.drops = createDropCounts(this.sql);
    this.rolls = createRollState(this.sql);
    const { segments, memory, dirty, drops, rolls } = this;
    this.stands = { log: createLogSpans(this.sql, segments), segments, dirty, rolls };
    const storage = ctx.storage;
    this.leaveOuts = createLeaveOut({ storage, env, segments, ...this.owners, pause });
    const erased = this.leaveOuts.rolls;
    const kept = { memory, segments, dirty, drops, rolls, erased, ...this.owners };
    this.admission.measured(fillOf(sizeOfLog(this.sql)));
    this.upkeep = createUpkeep({ storage, env, ...kept, pause });
    this.countLive = liveCount({ memory, dirty });
    this.counting = { ...this.owners, sql: this.sql, store };
    const recall = () => this.recall();
    this.live = createLivePush({ sql: this.sql, env, memory, owners: this.owners, identity: () => this.of });
    const taking = { storage, store, env, memory, dirty, rolls, erased, pieces: this.pieces, pause, recall };
    this.move = createMove({ ...taking, upkeep: this.upkeep });
    const giving = { storage, store, memory, given: this.given, dirty, rolls, pause, recall };
    this.giving = { ...giving, erasing: this.leaveOuts };
  }

  async append(batch: AppendBatch): Promise<AppendStatus[] | "busy" | protocol.Limited> {
    this.identify(batch.of);
    if (this.rate.note(Date.now())) {
      // Told again in a minute, should that fail.
      const raised = raiseByLoad(this.env, batch.of, Date.now()).catch((error: unknown) => console.error(error));
      this.ctx.waitUntil(raised);
    }
    if (batch.drops) this.drops.add(batch.drops, Date.now());
    if (batch.items.length === 0) {
      await this.clock.ringBy(Date.now() + FLUSH_MS);
      return [];
    }
    const refusal = this.admission.enter(batch, Date.now());
    if (refusal) {
      if (refusal !== "busy") this.drops.add({ [LIMITED]: batch.items.length }, Date.now());
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
      appendLog(this.ctx.storage, plan.entries);
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
    this.countLive(plan.live, this.memory.live === live);
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
    if (isSame) return;
    writeFact(this.sql, "identity", of);
  }

  async seen(ids: string[]): Promise<protocol.SeenReply> {
    return { seen: ids.map((id) => this.memory.seen.has(id)), gave: this.given.given.length > 0 };
  }

  async scan(...asked: Parameters<SiteShardRpc["scan"]>): Promise<protocol.ShardReply> {
    return scanOwned(asked, { ...this.owners, segments: this.segments, pause });
  }

  async standing(timeZone: string, periods: Period[]): Promise<protocol.ShardStanding> {
    return standingOf(this.stands, { timeZone, periods, now: Date.now() });
  }

  async checkRolls(after: number | null): Promise<protocol.RollCheck> {
    const check = await this.upkeep.checkRolls(this.of, after);
    if (check.differing > 0) await this.clock.ringBy(Date.now());
    return check;
  }

  async watch(watch: protocol.Watch): Promise<protocol.ShardLive> {
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

  async stats(): Promise<protocol.ShardStats> {
    return statsOf(this.counting, this.segments);
  }

  async flush(): Promise<void> {
    if (this.of) await this.upkeep.copyOut(this.of);
  }

  async takeOver({ of, oldShards, rollEpoch }: protocol.MoveOrder): Promise<void> {
    this.identify(of);
    if (rollEpoch !== null) goOnWith(this.sql, rollEpoch);
    this.pieces.begin(piecesOf(of.shard, of.shards, oldShards));
    await this.clock.ringBy(Date.now());
  }

  async moveProgress(): Promise<protocol.MoveProgress> {
    const { all } = this.pieces;
    const taken = all.filter(({ state }) => state === "taken").length;
    return { pieces: all.length, taken, events: all.reduce((sum, { events }) => sum + events, 0) };
  }

  async giveSealed(range: VisitorRange, cursor: protocol.SealedCursor): Promise<protocol.SealedPart> {
    if (cursor.segment === 0) await this.upkeep.leaveRange(range);
    if (cursor.segment === 0 && this.of) await this.leaveOuts.count(this.of);
    return giveSealed(this.giving, range, cursor);
  }

  async closeRange(range: VisitorRange, cursor: protocol.SealedCursor): Promise<boolean> {
    await this.upkeep.closeRange(this.of, range);
    return hasMore(this.giving, cursor);
  }

  async digestSealed(range: VisitorRange): Promise<protocol.Digest> {
    return digestSealed(this.giving, range);
  }

  async giveLog(range: VisitorRange, after: number): Promise<protocol.LogPart> {
    return giveLog(this.giving, range, after);
  }

  async giveIds(cursor: protocol.IdsCursor): Promise<protocol.IdsPart> {
    return giveIds(this.giving, cursor);
  }

  async giveErased(range: VisitorRange, after: number): Promise<protocol.ErasedPart> {
    const isFirst = this.of && range.from === rangeOf(this.of.shard, this.of.shards).from;
    return isFirst ? this.leaveOuts.give(after) : { rolls: [], next: null };
  }

  async freezeRange(range: VisitorRange): Promise<protocol.GivenMemory> {
    this.given.freeze(range, Date.now());
    return giveMemory(this.giving, range, Date.now());
  }

  async handOver(order: protocol.HandOver): Promise<boolean> {
    return handOver(this.giving, order);
  }

  async identities(wanted: WantedIdentities): Promise<Identity[]> {
    return identitiesWith(this.segments, wanted, pause);
  }

  async leaveOut(of: ShardIdentity, subject: Subject): Promise<boolean> {
    this.identify(of);
    return this.upkeep.inTurn(async () => this.leaveOuts.begin(subject));
  }

  async heldOf(siteId: string, subject: Subject): Promise<protocol.HeldOfPerson> {
    return this.leaveOuts.heldOf(siteId, subject);
  }

  async rolledElsewhere(): Promise<void> {
    this.rolls.rewritten();
  }

  async leave(): Promise<boolean> {
    if (!this.of) return true;
    const whole = rangeOf(this.of.shard, this.of.shards);
    const { given } = this.given;
    if (!covers(given, whole)) return false;
    await this.upkeep.copyOut(this.of);
    await this.ctx.storage.deleteAll();
    this.clock.clear();
    createTables(this.sql);
    writeFact(this.sql, "identity", this.of);
    // Whoever still asks here is told where to go.
    this.given.give(whole, 0);
    this.recall();
    return true;
  }

  override async alarm(): Promise<void> {
    this.clock.clear();
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
