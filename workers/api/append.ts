// Sends accepted events to the shards that own them and brings back what became of each.
import type {
  AppendBatch,
  AppendItem,
  AppendStatus,
  ShardIdentity,
} from "../../durable-objects/site-shard/protocol.ts";
import { type Event, packEvent } from "../domain/event.ts";
import { shardOf } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { siteShard } from "../store/objects.ts";

export interface Outgoing {
  event: Event;
  previousVisitorId?: string;
  /** A repeat by the sender's own word: looked for in the other shards too, since its address may have changed. */
  retry?: boolean;
}

export type AppendOutcome = Exclude<AppendStatus, "forward" | "ended"> | "retry";

export interface AppendOptions {
  importId?: string;
  importBegan?: number;
  drops?: Record<string, number>;
}

export const identityOf = (site: Site, shard: number): ShardIdentity => ({
  siteId: site.id,
  shard,
  shards: site.shards,
  timeZone: site.timeZone,
  jurisdiction: site.jurisdiction,
});

/** A shard that fails is busy: a write may or may not have happened, the sender repeats, and ids keep it from counting twice. */
async function ask<Reply>(question: () => Promise<Reply>): Promise<Reply | "busy"> {
  try {
    return await question();
  } catch (error) {
    console.error("a shard did not answer", error);
    return "busy";
  }
}

const send = (env: Env, site: Site, batch: AppendBatch): Promise<AppendStatus[] | "busy"> =>
  ask(async () => siteShard(env, site, batch.of.shard).append(batch));

/** Flagged events of which another shard has the id already, or may have it. */
async function seenElsewhere(env: Env, site: Site, events: Outgoing[]): Promise<Map<Outgoing, AppendOutcome>> {
  const flagged = events.filter((one) => one.retry && one.event.id !== "");
  const found = new Map<Outgoing, AppendOutcome>();
  if (site.shards === 1 || flagged.length === 0) return found;
  const ids = flagged.map((one) => one.event.id);
  const answers = await Promise.all(
    Array.from({ length: site.shards }, (_, shard) => ask(async () => siteShard(env, site, shard).seen(ids))),
  );
  for (const [i, one] of flagged.entries()) {
    const own = shardOf(one.event.visitorId, site.shards);
    const elsewhere = answers.filter((_, shard) => shard !== own);
    if (elsewhere.some((seen) => seen !== "busy" && seen[i])) found.set(one, "duplicate");
    // A shard that does not answer may have it: not taking it is the only safe thing.
    else if (elsewhere.includes("busy")) found.set(one, "retry");
  }
  return found;
}

/** One outcome per event, in order. `retry`: nothing was taken, the sender should repeat it. */
export async function appendEvents(
  env: Env,
  site: Site,
  request: { events: Outgoing[] } & AppendOptions,
): Promise<AppendOutcome[]> {
  const { events, importId, drops } = request;
  const outcomes = await seenElsewhere(env, site, events);
  let left = events.filter((one) => !outcomes.has(one));
  let dropsLeft = drops;
  for (let round = 0; left.length > 0 && round < 2; round++) {
    // In the second round go those whose old session was found closed, to their new visitor's shard.
    const target = ({ event, previousVisitorId }: Outgoing) =>
      shardOf(round === 0 ? (previousVisitorId ?? event.visitorId) : event.visitorId, site.shards);
    const groups = [...Map.groupBy(left, target)];
    const forwarded: Outgoing[] = [];
    await Promise.all(
      groups.map(async ([shard, group], i) => {
        const items = group.map((one): AppendItem => {
          const packed = JSON.stringify(packEvent(one.event));
          const previous = round === 0 ? one.previousVisitorId : undefined;
          return previous === undefined ? { packed } : { packed, previousVisitorId: previous };
        });
        const batch: AppendBatch = { of: identityOf(site, shard), items };
        if (importId !== undefined) Object.assign(batch, { importId, importBegan: request.importBegan });
        if (i === 0 && dropsLeft) batch.drops = dropsLeft;
        const statuses = await send(env, site, batch);
        for (const [j, one] of group.entries()) {
          const status = statuses === "busy" ? "retry" : (statuses[j] ?? "retry");
          if (status === "forward") forwarded.push(one);
          // Asked again, the door says what became of the import.
          else outcomes.set(one, status === "ended" ? "retry" : status);
        }
      }),
    );
    dropsLeft = undefined;
    left = forwarded;
  }
  return events.map((one) => outcomes.get(one) ?? "retry");
}

/** Counts refusals of a request that brought no event to store. */
export async function reportDrops(env: Env, site: Site, drops: Record<string, number>): Promise<void> {
  await send(env, site, { of: identityOf(site, 0), items: [], drops });
}
