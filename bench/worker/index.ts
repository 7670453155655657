// The product's Worker with what the benchmark needs beside it: objects that are filled from the inside, forget what they
// decoded, and count what the platform would bill. Never deployed.

import { LiveSite as ProductLiveSite } from "../../durable-objects/live-site/object.ts";
import { chooseMerge } from "../../durable-objects/site-shard/merge-choice.ts";
import { SiteShard as ProductShard } from "../../durable-objects/site-shard/object.ts";
import type { ShardIdentity } from "../../durable-objects/site-shard/protocol.ts";
import { SEGMENT_EVENTS, sealBatch } from "../../durable-objects/site-shard/seal.ts";
import { createSegmentStore, type SegmentFacts } from "../../durable-objects/site-shard/segment-store.ts";
import { readFact, writeFact } from "../../durable-objects/site-shard/tables.ts";
import { SETTLE_MS } from "../../durable-objects/site-shard/upkeep.ts";
import { judgeableThrough } from "../../workers/alerts/catch-up.ts";
import { shardOf } from "../../workers/domain/shard.ts";
import { siteIdSchema } from "../../workers/domain/site.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { forgetColumns, memoryHeld } from "../../workers/engine/memory.ts";
import type { Env } from "../../workers/env.ts";
import product from "../../workers/index.ts";
import { evaluateAlerts } from "../../workers/jobs/evaluate-alerts.ts";
import { sendReports } from "../../workers/jobs/send-reports.ts";
import { siteShard } from "../../workers/store/objects.ts";
import { findSite } from "../../workers/store/sites.ts";
import type { AlertRead } from "../billed.ts";
import { EVENTS_A_GROUP, referenceOf, type Shape } from "../reference/events.ts";
import { packedEvents } from "../reference/packed.ts";
import {
  callCounter,
  countAsked,
  countD1,
  countRequest,
  countSql,
  readAsked,
  readCounters,
  uncounted,
} from "./counters.ts";

const HOUR_MS = 3_600_000;
/** Groups of the reference data in one segment, which then holds about as much as the shard seals into one. */
const GROUPS_A_SEGMENT = Math.floor(SEGMENT_EVENTS / EVENTS_A_GROUP);

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

type SegmentRow = SegmentFacts & Record<string, SqlStorageValue>;
const LIVE_SEGMENTS = `select id, import_id as importId, at_min as atMin, at_max as atMax, received_at as receivedAt, count,
  run, arrival from segments where live = 1`;

interface Part {
  of: ShardIdentity;
  shape: Shape;
  /** Groups of the reference data, the last left out. */
  first: number;
  end: number;
}

export class SiteShard extends ProductShard {
  private readonly count = callCounter();

  constructor(ctx: DurableObjectState, env: Env) {
    countSql(ctx.storage);
    super(ctx, env);
  }

  /** Seals a part of the reference data; true when there is none after it. */
  async fill({ of, shape, first, end }: Part): Promise<boolean> {
    const { storage } = this.ctx;
    const reference = referenceOf(shape);
    const last = Math.min(end, reference.groups);
    for (let group = first; group < last; group += GROUPS_A_SEGMENT) {
      const rows = reference.rows(group, Math.min(group + GROUPS_A_SEGMENT, last));
      const all = packedEvents(reference, rows);
      const own = of.shards === 1 ? all : all.filter((event) => shardOf(event[4], of.shards) === of.shard);
      const store = createSegmentStore(storage.sql);
      const batch = sortedByVisitor(batchOf(own));
      await sealBatch(storage, { importId: "", batch }, { store, pause });
      // What comes by the log is marked by it; this did not.
      this.dirty.mark({ start: batch.earliest, at: batch.latest });
    }
    this.dirty.store();
    if (last < reference.groups) return false;
    writeFact(storage.sql, "identity", of);
    return true;
  }

  rolledFacts(): { name: string; value: string }[] {
    const { sql } = this.ctx.storage;
    return sql
      .exec<{ name: string; value: string }>("select name, value from facts where name in ('rolls', 'rollsLasting')")
      .toArray();
  }

  /** Another site of the same events has been rolled up; to be forgotten then. */
  takeAsRolled(facts: { name: string; value: string }[]): void {
    const { sql } = this.ctx.storage;
    sql.exec("delete from dirty");
    for (const { name, value } of facts) writeFact(sql, name, JSON.parse(value));
  }

  /** Marks all hours from `from` to `to` for roll-up, which begins, with merging, when the object begins anew. */
  async rollAllUp(from: number, to: number): Promise<void> {
    const { storage } = this.ctx;
    for (let hour = from; hour < to; hour += HOUR_MS) storage.sql.exec("insert or ignore into dirty values (?)", hour);
    await storage.setAlarm(Date.now() + 500);
    await storage.sync();
  }

  /** Hours, days and months that are over and still to be rolled up, and one for segments that are still to be merged. */
  async unrolled(): Promise<number> {
    return uncounted(() => {
      const { sql } = this.ctx.storage;
      const { n } = sql.exec<{ n: number }>("select count(*) as n from dirty").one();
      // Not through a store of its own: a new store takes what the object is just writing for left by a crash.
      const segments = sql.exec<SegmentRow>(LIVE_SEGMENTS).toArray();
      const over = (fact: string, end: (start: Date) => number) =>
        (readFact<number[]>(sql, fact) ?? []).filter((start) => end(new Date(start)) <= Date.now() - SETTLE_MS).length;
      const days = over("rollDays", (start) => start.getTime() + 24 * HOUR_MS);
      const months = over("rollMonths", (start) => Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1));
      return n + days + months + (chooseMerge(segments, Date.now()) ? 1 : 0);
    });
  }

  /** Events that D1 has not got yet. */
  async unflushed(): Promise<number> {
    return (await uncounted(() => super.stats())).unflushed;
  }

  /** The object begins anew, with nothing decoded. */
  forget(): void {
    forgetColumns("");
    this.ctx.abort("the benchmark wants it to begin anew");
  }

  override append(...args: Parameters<ProductShard["append"]>) {
    return this.count(() => super.append(...args));
  }
  override async scan(...args: Parameters<ProductShard["scan"]>) {
    const reply = await this.count(() => super.scan(...args));
    countAsked({ scans: 1, scanned: reply.scanned });
    return reply;
  }
  override watch(...args: Parameters<ProductShard["watch"]>) {
    return this.count(() => super.watch(...args));
  }
  override standing(...args: Parameters<ProductShard["standing"]>) {
    return this.count(() => super.standing(...args));
  }
  override stats() {
    return this.count(() => super.stats());
  }
  override seen(...args: Parameters<ProductShard["seen"]>) {
    return this.count(() => super.seen(...args));
  }
  override alarm() {
    return this.count(() => super.alarm());
  }
}

export { AuditTrail } from "../../durable-objects/audit-trail/object.ts";
export { SignIn } from "../../durable-objects/sign-in/object.ts";

export class LiveSite extends ProductLiveSite {
  private readonly count = callCounter();

  override fetch(request: Request) {
    return this.count(() => super.fetch(request));
  }
  override minutes(...args: Parameters<ProductLiveSite["minutes"]>) {
    countAsked({ minutes: 1 });
    return this.count(() => super.minutes(...args));
  }
  override publish(...args: Parameters<ProductLiveSite["publish"]>) {
    return this.count(() => super.publish(...args));
  }
  override alarm() {
    return this.count(() => super.alarm());
  }
}

async function evaluated(env: BenchEnv, now: number): Promise<AlertRead & { ms: number }> {
  const reading = () => ({ ...readAsked(), ...readCounters() });
  const [before, begun] = [reading(), performance.now()];
  await evaluateAlerts.run(env, now);
  const ms = performance.now() - begun;
  const after = reading();
  const more = (name: keyof typeof after) => after[name] - before[name];
  const judged = await env.DB.prepare("select count(*) as n from alert_runs where through = ?1")
    .bind(judgeableThrough(now))
    .first<number>("n");
  return {
    ms,
    judged: judged ?? 0,
    minutes: more("minutes"),
    scans: more("scans"),
    scanned: more("scanned"),
    d1RowsRead: more("d1RowsRead"),
    d1RowsWritten: more("d1RowsWritten"),
  };
}

type BenchEnv = Env & { SITE_SHARD: DurableObjectNamespace<SiteShard> };

async function shardsOf(env: BenchEnv, id: string) {
  const site = await findSite(env.DB, siteIdSchema.parse(id));
  if (!site) throw new Error(`there is no site ${id}`);
  return Array.from({ length: site.shards }, (_, shard) => {
    const { id: siteId, epoch, shards, timeZone, jurisdiction } = site;
    const of: ShardIdentity = { siteId, epoch, shard, shards, timeZone, jurisdiction };
    const stub = siteShard(env, site, shard) as DurableObjectStub<SiteShard>; // of the class above
    return { of, stub };
  });
}

async function sumOf(env: BenchEnv, site: string, ask: (stub: DurableObjectStub<SiteShard>) => Promise<number>) {
  const all = await Promise.all((await shardsOf(env, site)).map(({ stub }) => ask(stub)));
  return all.reduce((sum, one) => sum + one, 0);
}

/** What the benchmark asks by POST /bench/<name>. */
const ORDERS: Record<string, (env: BenchEnv, body: never) => Promise<unknown>> = {
  counters: async () => readCounters(),
  memory: async () => memoryHeld(),
  async fill(env, { site, ...part }: Omit<Part, "of"> & { site: string }) {
    const shards = await shardsOf(env, site);
    const ends = [];
    for (const { of, stub } of shards) ends.push(await stub.fill({ of, ...part }));
    return ends.every(Boolean);
  },
  async rollAllUp(env, { site, from, to }: { site: string; from: number; to: number }) {
    for (const { stub } of await shardsOf(env, site)) await stub.rollAllUp(from, to);
  },
  async rollLike(env, { site, like }: { site: string; like: string }) {
    const [own, other] = [await shardsOf(env, site), await shardsOf(env, like)];
    for (const [shard, { stub }] of own.entries()) await stub.takeAsRolled(await other[shard]!.stub.rolledFacts());
    await env.DB.prepare(
      `insert into rollups (site_id, epoch, grain, panel, bucket, shard, version, time_zone, body)
       select ?1, epoch, grain, panel, bucket, shard, version, time_zone, body from rollups where site_id = ?2`,
    )
      .bind(site, like)
      .run();
  },
  unrolled: (env, { site }: { site: string }) => sumOf(env, site, (stub) => stub.unrolled()),
  evaluateAlerts: (env, { at }: { at: number }) => evaluated(env, at),
  sendReports: (env, { at }: { at: number }) => sendReports.run(env, at),
  unflushed: (env, { site }: { site: string }) => sumOf(env, site, (stub) => stub.unflushed()),
  async forget(env, { site }: { site: string }) {
    // The call that ends the object fails with it.
    for (const { stub } of await shardsOf(env, site)) await stub.forget().catch(() => undefined);
  },
};

export default {
  ...product,
  async fetch(request: Request<unknown, IncomingRequestCfProperties>, env: BenchEnv, ctx: ExecutionContext) {
    countD1(env.DB);
    const order = /\/bench\/(\w+)$/.exec(request.url)?.[1];
    const run = order === undefined ? undefined : ORDERS[order];
    if (!run) {
      countRequest();
      return product.fetch(request, env, ctx);
    }
    return Response.json((await run(env, (await request.json()) as never)) ?? null); // by the benchmark itself
  },
};
