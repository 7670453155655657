import { DurableObject } from "cloudflare:workers";
import type { BackupAsk, BackupReply, RestorePart, RestoreReply } from "../../workers/domain/backup.ts";
import type { Digest } from "../../workers/domain/digest.ts";
import { LIMITED } from "../../workers/domain/drop-reason.ts";
import type { LiveMinute } from "../../workers/domain/live.ts";
import type { Period } from "../../workers/domain/period.ts";
import type { ErasedPart } from "../../workers/domain/rollup.ts";
import { piecesOf, rangeOf, type VisitorRange } from "../../workers/domain/shard.ts";
import type { HeldOfPerson, Identity, Subject, WantedIdentities } from "../../workers/domain/subject.ts";
import type { Env } from "../../workers/env.ts";
import { raiseByLoad } from "../../workers/store/moves.ts";
import { meteredEnv } from "../../workers/store/system/metered-database.ts";
import { createAdmission } from "./admission.ts";
import { type AlarmClock, createAlarmClock } from "./alarm-clock.ts";
import { assemble, type Parts } from "./assemble.ts";
import { planCommit } from "./commit.ts";
import { countLive } from "./count-live.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import { writeCommit } from "./findings.ts";
import { createGather } from "./gather.ts";
import { digestSealed, giveLog, giveMemory, giveSealed, handOver, hasMore } from "./give.ts";
import { giveIds } from "./give-ids.ts";
import { leaveShard } from "./leave-shard.ts";
import { fillOf, sizeOfLog } from "./log.ts";
import { noteBacklog, noteCommit } from "./measured.ts";
import { countOwned } from "./owned-counts.ts";
import type * as protocol from "./protocol.ts";
import type { AppendBatch, AppendStatus, ShardIdentity, SiteShardRpc } from "./protocol.ts";
import { createRequestRate } from "./request-rate.ts";
import { goOnWith } from "./roll-epoch.ts";
import { identitiesWith } from "./rows-with.ts";
import { scanOwned } from "./scan-owned.ts";
import { standingOf } from "./standing.ts";
import { statsOf } from "./stats.ts";
import { createTables, readFact, writeFact } from "./tables.ts";
import type { Upkeep } from "./upkeep.ts";

/** Time that events may wait for their copy in D1. */
const FLUSH_MS = 5_000;
const RETRY_MS = 30_000;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** One site's visitors whose id falls into this shard: their log, segments, live counters and scans. */
export class SiteShard extends DurableObject<Env> implements SiteShardRpc {
  private readonly sql: SqlStorage;
  private readonly parts: Parts;
  protected readonly dirty: DirtyHours;
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

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, meteredEnv(env));
    this.sql = ctx.storage.sql;
    this.clock = createAlarmClock(ctx.storage);
    createTables(this.sql);
    this.of = readFact<ShardIdentity>(this.sql, "identity");
    this.parts = assemble({ storage: ctx.storage, env: this.env, identity: () => this.of, pause });
    this.dirty = this.parts.dirty;
    this.upkeep = this.parts.upkeep;
    this.admission.measured(fillOf(sizeOfLog(this.sql)));
  }

  async append(batch: AppendBatch): Promise<AppendStatus[] | "busy" | protocol.Limited> {
    this.identify(batch.of);
    if (this.rate.note(Date.now())) {
      // Told again in a minute, should that fail.
      this.ctx.waitUntil(raiseByLoad(this.env, batch.of, Date.now()).catch((error: unknown) => console.error(error)));
    }
    this.parts.findings.counts.note(batch, Date.now());
    if (batch.items.length === 0) {
      await this.clock.ringBy(Date.now() + FLUSH_MS);
      return [];
    }
    const refusal = this.admission.enter(batch, Date.now());
    if (refusal) {
      if (refusal !== "busy") this.parts.findings.counts.note({ drops: { [LIMITED]: batch.items.length } }, Date.now());
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
    const { seen, lines, ended, live } = this.parts.memory;
    const placeOf = (visitorId: string, now: number) =>
      this.parts.owners.pieces.owns(visitorId) ? this.parts.owners.given.placeOf(visitorId, now) : "frozen";
    const gave = this.parts.owners.given.given.length > 0;
    const plan = planCommit(batches, { seen, lines, ended, openSession: live.openSession, placeOf, gave });
    try {
      // Before any answer counts a day by itself.
      if (plan.lasting) this.parts.rolls.lasting = true;
      writeCommit({ storage: this.ctx.storage, findings: this.parts.findings }, plan, this.of);
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
    noteCommit(plan.entries, this.of?.siteId, Date.now());
    this.admission.logged(fillOf(plan.entries));
    // Rebuilt meanwhile, the counters know these events from the log.
    countLive(plan.live, { ...this.parts.memory, dirty: this.dirty, apply: this.parts.memory.live === live });
    if (plan.live.length > 0) this.parts.live.soon();
    for (const entry of plan.entries) if (entry.importId !== "") this.dirty.markPast(entry.at);
    return plan.statuses;
  }

  private identify(of: ShardIdentity): void {
    if (this.of === of) return;
    const text = JSON.stringify(of);
    const isSame = JSON.stringify(this.of) === text;
    this.of = of;
    this.ofText = text;
    if (!isSame) writeFact(this.sql, "identity", of);
  }

  async seen(ids: string[]): Promise<protocol.SeenReply> {
    return { seen: ids.map((id) => this.parts.memory.seen.has(id)), gave: this.parts.owners.given.given.length > 0 };
  }

  async scan(...asked: Parameters<SiteShardRpc["scan"]>): Promise<protocol.ShardReply> {
    const reply = await scanOwned(asked, { ...this.parts.owners, segments: this.parts.segments, pause });
    // What was read back for it is forgotten after a while.
    if (reply.archived) await this.clock.ringBy(this.parts.segments.back.nextExpiry() ?? Date.now());
    return reply;
  }

  async standing(timeZone: string, periods: Period[]): Promise<protocol.ShardStanding> {
    return standingOf(this.parts.stands, { timeZone, periods, now: Date.now() });
  }

  async checkRolls(after: number | null): Promise<protocol.RollCheck> {
    return this.mendRolls(await this.upkeep.checkRolls(this.of, after));
  }

  async checkRecentRolls(): Promise<protocol.RollCheck> {
    return this.mendRolls(await this.upkeep.checkRecentRolls(this.of));
  }

  async checkOldRolls(): Promise<protocol.RollCheck> {
    return this.mendRolls(await this.upkeep.checkOldRolls(this.of));
  }

  private async mendRolls(check: protocol.RollCheck): Promise<protocol.RollCheck> {
    if (check.differing > 0) await this.clock.ringBy(Date.now());
    return check;
  }

  async watch(watch: protocol.Watch): Promise<protocol.ShardLive> {
    this.identify(watch.of);
    return this.parts.live.watch(watch);
  }

  async minutes(since: number): Promise<LiveMinute[]> {
    return this.parts.memory.strip.minutes().filter(({ start }) => start >= since);
  }

  async finishImport(importId: string, began: number): Promise<void> {
    this.parts.memory.ended.add({ id: importId, began, how: "finished", at: Date.now() });
    this.parts.memory.lines.forget(importId);
    this.sql.exec("delete from taken_lines where import_id = ?", importId);
  }

  async undoImport(importId: string, began: number): Promise<{ removed: number }> {
    this.parts.memory.ended.add({ id: importId, began, how: "undone", at: Date.now() });
    if (!this.of) return { removed: 0 };
    const removed = await this.upkeep.undoImport(this.of, importId);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return { removed };
  }

  async importProgress(importId: string): Promise<{ events: number; lastLine: number }> {
    const lastLine = this.parts.memory.lines.ranges(importId).at(-1) ?? -1;
    return { events: countOwned(this.parts.counting, importId), lastLine };
  }

  async stats(): Promise<protocol.ShardStats> {
    return statsOf(this.parts.counting, this.parts.segments);
  }

  async archive(of: ShardIdentity, order: protocol.ArchiveOrder): Promise<protocol.ArchiveReply> {
    this.identify(of);
    const reply = await this.upkeep.archive(of, order);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return reply;
  }

  async flush(): Promise<void> {
    if (this.of) await this.upkeep.copyOut(this.of);
  }

  async takeOver({ of, oldShards, rollEpoch }: protocol.MoveOrder): Promise<void> {
    this.identify(of);
    if (rollEpoch !== null) goOnWith(this.sql, rollEpoch);
    this.parts.owners.pieces.begin(piecesOf(of.shard, of.shards, oldShards));
    await this.clock.ringBy(Date.now());
  }

  async moveProgress(): Promise<protocol.MoveProgress> {
    const { all } = this.parts.owners.pieces;
    const taken = all.filter(({ state }) => state === "taken").length;
    return { pieces: all.length, taken, events: all.reduce((sum, { events }) => sum + events, 0) };
  }

  async giveSealed(range: VisitorRange, cursor: protocol.SealedCursor): Promise<protocol.SealedPart> {
    if (cursor.segment === 0) await this.upkeep.leaveRange(range);
    if (cursor.segment === 0 && this.of) await this.parts.leaveOuts.count(this.of);
    return giveSealed(this.parts.giving, range, cursor);
  }

  async closeRange(range: VisitorRange, cursor: protocol.SealedCursor): Promise<boolean> {
    await this.upkeep.closeRange(this.of, range);
    return hasMore(this.parts.giving, cursor);
  }

  async digestSealed(range: VisitorRange): Promise<Digest> {
    return digestSealed(this.parts.giving, range);
  }

  async giveLog(range: VisitorRange, after: number): Promise<protocol.LogPart> {
    return giveLog(this.parts.giving, range, after);
  }

  async giveIds(cursor: protocol.IdsCursor): Promise<protocol.IdsPart> {
    return giveIds(this.parts.giving, cursor);
  }

  async giveErased(range: VisitorRange, after: number): Promise<ErasedPart> {
    const isFirst = this.of && range.from === rangeOf(this.of.shard, this.of.shards).from;
    return isFirst ? this.parts.leaveOuts.give(after) : { rolls: [], next: null };
  }

  async freezeRange(range: VisitorRange): Promise<protocol.GivenMemory> {
    this.parts.owners.given.freeze(range, Date.now());
    return giveMemory(this.parts.giving, range, Date.now());
  }

  async handOver(order: protocol.HandOver): Promise<boolean> {
    return handOver(this.parts.giving, order);
  }

  async backup(ask: BackupAsk): Promise<BackupReply> {
    return this.parts.backups.answer(this.of, ask);
  }

  async restore(of: ShardIdentity, part: RestorePart): Promise<RestoreReply> {
    const reply = await this.parts.refill(part);
    if (reply === "taken") this.identify(of);
    await this.clock.ringBy(Date.now() + FLUSH_MS);
    return reply;
  }

  async identities(wanted: WantedIdentities): Promise<Identity[]> {
    return identitiesWith(this.parts.segments, wanted, pause);
  }

  async leaveOut(of: ShardIdentity, subject: Subject): Promise<boolean> {
    this.identify(of);
    return this.upkeep.inTurn(async () => this.parts.leaveOuts.begin(subject));
  }

  async heldOf(siteId: string, subject: Subject): Promise<HeldOfPerson> {
    return this.parts.leaveOuts.heldOf(siteId, subject);
  }

  async rolledElsewhere(): Promise<void> {
    this.parts.rolls.rewritten();
  }

  async leave(): Promise<boolean> {
    if (!this.of) return true;
    const { upkeep, clock } = this;
    const { given } = this.parts.owners;
    const isEmpty = await leaveShard(this.of, { storage: this.ctx.storage, given, upkeep, clock });
    if (isEmpty) this.parts.recall();
    return isEmpty;
  }

  override async alarm(): Promise<void> {
    this.clock.clear();
    this.parts.backups.expire(Date.now());
    if (!this.of) return;
    const of = this.of;
    const failures: unknown[] = [];
    const attempt = (task: Promise<boolean>) => task.catch((error: unknown) => failures.push(error) < 0);
    // The log is sealed whether or not D1 has answered.
    const points = await attempt(this.upkeep.copyOut(of));
    const merges = await attempt(this.upkeep.tidy(of, Date.now()));
    await attempt(this.parts.move(of).then(() => true));
    this.admission.measured(fillOf(sizeOfLog(this.sql)));
    noteBacklog(this.ctx, this.env.DB, Date.now());
    if (failures.length > 0) {
      console.error("shard upkeep failed and is tried again", ...failures);
      return this.clock.ringBy(Date.now() + RETRY_MS);
    }
    const next = points || merges ? Date.now() : this.upkeep.nextWork(of, Date.now());
    if (next !== null) await this.clock.ringBy(next);
  }
}
