// Tells the live page what the counters say, while somebody watches.
import type { Goal } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import { liveSite } from "../../workers/store/objects.ts";
import type { ShardMemory } from "./memory.ts";
import type { Owners } from "./owned-counts.ts";
import type { ShardIdentity, ShardLive, Watch } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";

/** A push at most this often; the page is told twice a second. */
const PUSH_MS = 400;
/** While watched, windows move on this often even if nothing arrives. */
const IDLE_PUSH_MS = 5_000;

export interface LivePushPorts {
  sql: SqlStorage;
  env: Env;
  memory: ShardMemory;
  owners: Owners;
  /** Who the object is, once it knows. */
  identity: () => ShardIdentity | undefined;
}

export interface LivePush {
  /** Takes or prolongs a lease and returns what there is. */
  watch(watch: Watch): ShardLive;
  /** Plans a push, soon after news and slowly without; ends by itself with the lease. */
  soon(delay?: number): void;
}

export function createLivePush({ sql, env, memory, owners, identity }: LivePushPorts): LivePush {
  const lease = readFact<{ goals: Goal[]; until: number }>(sql, "lease");
  let goals = lease?.goals ?? [];
  let watchedUntil = lease?.until ?? 0;
  let timer: number | null = null;
  let timerDue = 0;
  let pushedAt = 0;
  /** Rises over restarts too, so that an old push never replaces a new one. */
  let sequence = Date.now();

  function state({ shard, epoch }: Pick<ShardIdentity, "shard" | "epoch">): ShardLive {
    const { live } = memory;
    live.expire(Date.now());
    const counts = live.state(goals);
    const events = counts.events.map((event) => ({ ...event, key: `${epoch}.${shard}.${event.key}` }));
    const [{ given }, { held: taken }] = [owners.given, owners.pieces];
    return { ...counts, events, epoch, shard, sequence: ++sequence, given, taken };
  }

  function soon(delay = Math.max(20, pushedAt + PUSH_MS - Date.now())): void {
    const due = Date.now() + delay;
    if (due > watchedUntil + PUSH_MS || (timer !== null && timerDue <= due)) return;
    if (timer !== null) clearTimeout(timer);
    timerDue = due;
    timer = setTimeout(() => void push(), delay);
  }

  async function push(): Promise<void> {
    timer = null;
    pushedAt = Date.now();
    const of = identity();
    if (!of || pushedAt > watchedUntil) return;
    try {
      await liveSite(env, { id: of.siteId, jurisdiction: of.jurisdiction }).publish(state(of));
    } catch {
      // Counts are absolute: the next push says it all.
    }
    soon(IDLE_PUSH_MS);
  }

  return {
    watch({ of, ...asked }) {
      // Written down, so that those who watch see no gap when the object has to start again.
      writeFact(sql, "lease", asked);
      goals = asked.goals;
      watchedUntil = asked.until;
      soon();
      return state(of);
    },
    soon,
  };
}
