// Sends accepted events to the shards that own them and brings back what became of each.
import type {
  AppendBatch,
  AppendItem,
  AppendStatus,
  ShardIdentity,
} from "../../durable-objects/site-shard/protocol.ts";
import { type Event, packEvent } from "../domain/event.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { siteShard } from "../store/objects.ts";
import { type Route, rememberGiven, routeOf, shardsOf } from "../store/shard-routes.ts";
import { findSite, forgetSite } from "../store/sites.ts";

/** While visitors are handed over, an event is asked about again this often and this soon. */
const ROUNDS = 20;
const FROZEN_MS = 150;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface Outgoing {
  event: Event;
  previousVisitorId?: string;
  /** A repeat by the sender's own word: looked for in the other shards too, since its address may have changed. */
  retry?: boolean;
}

export type AppendOutcome = "accepted" | "duplicate" | "retry";

export interface AppendOptions {
  importId?: string;
  importBegan?: number;
  drops?: Record<string, number>;
}

const identityOf = (site: Site, { epoch, shard, shards }: Route): ShardIdentity => ({
  siteId: site.id,
  shard,
  shards,
  epoch,
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
  ask(async () => siteShard(env, { ...site, epoch: batch.of.epoch }, batch.of.shard).append(batch));

/** Flagged events of which another shard has the id already, or may have it. */
async function seenElsewhere(env: Env, site: Site, events: Outgoing[]): Promise<Map<Outgoing, AppendOutcome>> {
  const flagged = events.filter((one) => one.retry && one.event.id !== "");
  const found = new Map<Outgoing, AppendOutcome>();
  const routes = shardsOf(site);
  if (routes.length === 1 || flagged.length === 0) return found;
  const ids = flagged.map((one) => one.event.id);
  const answers = await Promise.all(
    routes.map(({ epoch, shard }) => ask(async () => siteShard(env, { ...site, epoch }, shard).seen(ids))),
  );
  for (const [i, one] of flagged.entries()) {
    const own = routeOf(site, one.event.visitorId);
    const elsewhere = answers.filter((_, at) => routes[at]!.epoch !== own.epoch || routes[at]!.shard !== own.shard);
    if (elsewhere.some((seen) => seen !== "busy" && seen[i])) found.set(one, "duplicate");
    // A shard that does not answer may have it: not taking it is the only safe thing.
    else if (elsewhere.includes("busy")) found.set(one, "retry");
  }
  return found;
}

/** An event that is looking for its shard. */
interface Traveller {
  outgoing: Outgoing;
  /** The visitor by whom it is sent: the one of the day before, until that one's session is found closed. */
  sentAs: string;
  status?: AppendStatus | "busy";
}

function batchFor(site: Site, group: readonly Traveller[], options: AppendOptions): AppendBatch {
  const items = group.map(({ outgoing, sentAs }): AppendItem => {
    const packed = JSON.stringify(packEvent(outgoing.event));
    return sentAs === outgoing.event.visitorId ? { packed } : { packed, previousVisitorId: sentAs };
  });
  const batch: AppendBatch = { of: identityOf(site, routeOf(site, group[0]!.sentAs)), items };
  const { importId, importBegan, drops } = options;
  if (importId !== undefined) Object.assign(batch, { importId, importBegan });
  if (drops) batch.drops = drops;
  return batch;
}

async function sendRound(env: Env, site: Site, { left, ...options }: AppendOptions & { left: Traveller[] }) {
  const groups = Map.groupBy(left, ({ sentAs }) => {
    const { epoch, shard } = routeOf(site, sentAs);
    return `${epoch}/${shard}`;
  });
  await Promise.all(
    [...groups.values()].map(async (group, i) => {
      const { drops, ...rest } = options;
      const batch = batchFor(site, group, i === 0 ? options : rest);
      const statuses = await send(env, site, batch);
      for (const [j, one] of group.entries()) one.status = statuses === "busy" ? "busy" : (statuses[j] ?? "busy");
    }),
  );
}

/** The site as it is once a shard said that a visitor went to an epoch that the given row does not know. */
async function refreshed(env: Env, site: Site): Promise<Site> {
  forgetSite(site.id);
  return (await findSite(env.DB, site.id)) ?? site;
}

/** The way of almost every request: one event, which its shard takes at once. Null when it has to be looked for further. */
async function appendAlone(
  env: Env,
  site: Site,
  { event, previousVisitorId }: Outgoing,
): Promise<AppendOutcome | null> {
  const route = routeOf(site, previousVisitorId ?? event.visitorId);
  const of = JSON.stringify(identityOf(site, route));
  const packed = JSON.stringify(packEvent(event));
  const located = { id: site.id, jurisdiction: site.jurisdiction, epoch: route.epoch };
  const status = await ask(async () => siteShard(env, located, route.shard).appendOne(of, packed, previousVisitorId));
  if (status === "accepted" || status === "duplicate") return status;
  return status === "busy" ? "retry" : null;
}

/** One outcome per event, in order. `retry`: nothing was taken, the sender should repeat it. */
export async function appendEvents(
  env: Env,
  stored: Site,
  { events, ...options }: { events: Outgoing[] } & AppendOptions,
): Promise<AppendOutcome[]> {
  const [first, ...others] = events;
  if (first && others.length === 0 && !first.retry && Object.keys(options).length === 0) {
    const outcome = await appendAlone(env, stored, first);
    if (outcome) return [outcome];
  }
  let site = stored;
  let rest = options;
  const outcomes = await seenElsewhere(env, site, events);
  let left = events
    .filter((one) => !outcomes.has(one))
    .map((outgoing): Traveller => ({ outgoing, sentAs: outgoing.previousVisitorId ?? outgoing.event.visitorId }));
  for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
    await sendRound(env, site, { left, ...rest });
    const { drops, ...once } = rest;
    rest = once;
    const given = left.filter(({ status }) => status === "given");
    if (given.length > 0 && site.nextShards === null) site = await refreshed(env, site);
    for (const { sentAs } of given) rememberGiven(site, sentAs);
    if (left.some(({ status }) => status === "frozen")) await pause(FROZEN_MS);
    left = left.filter((one) => {
      const { status, outgoing } = one;
      if (status === "forward") one.sentAs = outgoing.event.visitorId;
      if (status === "forward" || status === "given" || status === "frozen") return true;
      // Of an ended import, asked again the door says what became of it.
      outcomes.set(outgoing, status === "accepted" || status === "duplicate" ? status : "retry");
      return false;
    });
  }
  return events.map((one) => outcomes.get(one) ?? "retry");
}

/** Counts refusals of a request that brought no event to store. */
export async function reportDrops(env: Env, site: Site, drops: Record<string, number>): Promise<void> {
  const { epoch, shards } = site;
  await send(env, site, { of: identityOf(site, { epoch, shard: 0, shards }), items: [], drops });
}
