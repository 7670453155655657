// Sends accepted events to the shards that own them and brings back what became of each.
import type {
  AppendBatch,
  AppendItem,
  AppendStatus,
  Limited,
  ShardIdentity,
} from "../../durable-objects/site-shard/protocol.ts";
import { type Event, packEvent } from "../domain/event.ts";
import type { Site } from "../domain/site.ts";
import type { Violation } from "../domain/tracking-plan.ts";
import type { Env } from "../env.ts";
import { isHeld } from "../ingest/plan-checker.ts";
import { siteShard } from "../store/objects.ts";
import { type Route, rememberGiven, routeOf, shardsOf } from "../store/shard-routes.ts";
import { findSite, forgetSite } from "../store/sites.ts";
import { countUse } from "../store/system/gather.ts";
import { timed } from "../store/system/timed.ts";
import { closedFor, closeShard, countRefused } from "./site-limits.ts";

/** While visitors are handed over, an event is asked about again this often and this soon. */
const ROUNDS = 20;
const FROZEN_MS = 150;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface Outgoing {
  event: Event;
  previousVisitorId?: string;
  /** A repeat by the sender's own word: looked for in the other shards too, since its address may have changed. */
  retry?: boolean;
  /** Where it does not fit the tracking plan. */
  violations?: readonly Violation[];
}

export type AppendOutcome = "accepted" | "duplicate" | "quarantined" | "retry" | "limited";

export interface AppendOptions {
  importId?: string;
  importBegan?: number;
  drops?: Record<string, number>;
  found?: Record<string, number>;
}

const identityOf = (site: Site, { epoch, shard, shards }: Route): ShardIdentity => ({
  siteId: site.id,
  shard,
  shards,
  epoch,
  timeZone: site.timeZone,
  jurisdiction: site.jurisdiction,
});

/** Timing each would be a measurable part of what a beacon costs. */
const TIMED_ONE_IN = 16;
let asked = 0;

/** A shard that fails is busy: a write may or may not have happened, the sender repeats, and ids keep it from counting twice. */
async function ask<Reply>(question: () => Promise<Reply>): Promise<Reply | "busy"> {
  countUse("objectRequests");
  try {
    asked++;
    return asked % TIMED_ONE_IN > 0 ? await question() : await timed("object shard append", question);
  } catch (error) {
    console.error("a shard did not answer", error);
    return "busy";
  }
}

type Reply = AppendStatus[] | "busy" | Limited;

async function send(env: Env, site: Site, batch: AppendBatch): Promise<Reply> {
  const { eventsPerSecond } = site;
  const isFree = eventsPerSecond === null || batch.importId !== undefined || batch.items.length === 0;
  if (isFree) return sendOn(env, site, batch);
  const limitedFor = closedFor(batch.of, Date.now());
  if (limitedFor > 0) {
    countRefused(site.id, batch.items.length);
    return { limitedFor };
  }
  const reply = await sendOn(env, site, { ...batch, limit: eventsPerSecond / batch.of.shards });
  if (typeof reply === "object" && "limitedFor" in reply) closeShard(batch.of, reply.limitedFor, Date.now());
  return reply;
}

const sendOn = (env: Env, site: Site, batch: AppendBatch): Promise<Reply> =>
  ask(async () => siteShard(env, { ...site, epoch: batch.of.epoch }, batch.of.shard).append(batch));

/** What the shard's reply says of its item `i`. */
function statusOf(reply: Reply, i: number): NonNullable<Traveller["status"]> {
  if (reply === "busy") return reply;
  return "limitedFor" in reply ? "limited" : (reply[i] ?? "busy");
}

interface Looked {
  found: Map<Outgoing, AppendOutcome>;
  site: Site;
}

/** Flagged events of which another shard has the id already, or may have it; and the site as it turned out to be. */
async function seenElsewhere(env: Env, site: Site, events: readonly Outgoing[]): Promise<Looked> {
  const flagged = events.filter((one) => one.retry && one.event.id !== "");
  const found = new Map<Outgoing, AppendOutcome>();
  const routes = shardsOf(site);
  if (routes.length === 1 || flagged.length === 0) return { found, site };
  const ids = flagged.map((one) => one.event.id);
  const answers = await Promise.all(
    routes.map(({ epoch, shard }) => ask(async () => siteShard(env, { ...site, epoch }, shard).seen(ids))),
  );
  if (site.nextShards === null && answers.some((one) => one !== "busy" && one.gave)) {
    const now = await refreshed(env, site);
    if (isNewer(now, site)) return seenElsewhere(env, now, events);
  }
  for (const [i, one] of flagged.entries()) {
    // Its own shard looks for itself, but for one that gives the visitor away meanwhile.
    const own = site.nextShards === null ? routeOf(site, one.event.visitorId).shard : -1;
    const elsewhere = answers.filter((_, at) => routes[at]!.shard !== own);
    if (elsewhere.some((answer) => answer !== "busy" && answer.seen[i])) found.set(one, "duplicate");
    // A shard that does not answer may have it: not taking it is the only safe thing.
    else if (elsewhere.includes("busy")) found.set(one, "retry");
  }
  return { found, site };
}

/** The site as it is once a shard said that visitors went to an epoch that the given row does not know. */
async function refreshed(env: Env, site: Site): Promise<Site> {
  forgetSite(site.id);
  return (await findSite(env.DB, site.id)) ?? site;
}

const isNewer = (now: Site, then: Site) => now.epoch > then.epoch || now.nextShards !== then.nextShards;

/** An event that is looking for its shard. */
interface Traveller {
  outgoing: Outgoing;
  /** The visitor by whom it is sent: the one of the day before, until that one's session is found closed. */
  sentAs: string;
  status?: AppendStatus | "busy" | "limited";
}

function batchFor(site: Site, group: readonly Traveller[], options: AppendOptions): AppendBatch {
  const items = group.map(({ outgoing, sentAs }): AppendItem => {
    const item: AppendItem = { packed: JSON.stringify(packEvent(outgoing.event)) };
    if (sentAs !== outgoing.event.visitorId) item.previousVisitorId = sentAs;
    if (outgoing.retry) item.retry = true;
    if (outgoing.violations) {
      item.violations = outgoing.violations;
      if (isHeld(outgoing.violations)) item.held = true;
    }
    return item;
  });
  const batch: AppendBatch = { of: identityOf(site, routeOf(site, group[0]!.sentAs)), items };
  const { importId, importBegan, drops, found } = options;
  if (importId !== undefined) Object.assign(batch, { importId, importBegan });
  if (drops) batch.drops = drops;
  if (found) batch.found = found;
  if (site.nextShards !== null) batch.moving = true;
  return batch;
}

async function sendRound(env: Env, site: Site, { left, ...options }: AppendOptions & { left: Traveller[] }) {
  const groups = Map.groupBy(left, ({ sentAs }) => {
    const { epoch, shard } = routeOf(site, sentAs);
    return `${epoch}/${shard}`;
  });
  await Promise.all(
    [...groups.values()].map(async (group, i) => {
      const { drops, found, ...rest } = options;
      const batch = batchFor(site, group, i === 0 ? options : rest);
      const statuses = await send(env, site, batch);
      for (const [j, one] of group.entries()) one.status = statusOf(statuses, j);
    }),
  );
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

/** Whether the site takes events without more to say about them. */
const isPlain = ({ nextShards, eventsPerSecond }: Site) => nextShards === null && eventsPerSecond === null;

/** One outcome per event, in order. `retry` and `limited`: it was not taken, the sender should repeat it. */
export async function appendEvents(
  env: Env,
  stored: Site,
  { events, ...options }: { events: Outgoing[] } & AppendOptions,
): Promise<AppendOutcome[]> {
  const [first, ...others] = events;
  const isAlone =
    first && others.length === 0 && !first.retry && !first.violations && Object.keys(options).length === 0;
  if (isAlone && isPlain(stored)) {
    const outcome = await appendAlone(env, stored, first);
    if (outcome) return [outcome];
  }
  const looked = await seenElsewhere(env, stored, events);
  const outcomes = looked.found;
  let { site } = looked;
  let rest = options;
  let left = events
    .filter((one) => !outcomes.has(one))
    .map((outgoing): Traveller => ({ outgoing, sentAs: outgoing.previousVisitorId ?? outgoing.event.visitorId }));
  for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
    await sendRound(env, site, { left, ...rest });
    const { drops, found, ...once } = rest;
    rest = once;
    const given = left.filter(({ status }) => status === "given");
    if (given.length > 0 && site.nextShards === null) {
      const again = await seenElsewhere(
        env,
        await refreshed(env, site),
        given.map(({ outgoing }) => outgoing),
      );
      ({ site } = again);
      for (const [one, outcome] of again.found) outcomes.set(one, outcome);
      left = left.filter(({ outgoing }) => !outcomes.has(outgoing));
    } else for (const { sentAs } of given) rememberGiven(site, sentAs);
    if (left.some(({ status }) => status === "frozen")) await pause(FROZEN_MS);
    left = left.filter((one) => {
      const { status, outgoing } = one;
      if (status === "forward") one.sentAs = outgoing.event.visitorId;
      if (status === "forward" || status === "given" || status === "frozen") return true;
      // Of an ended import, asked again the door says what became of it.
      const isFinal = status !== "ended" && status !== "busy" && status !== undefined;
      outcomes.set(outgoing, isFinal ? status : "retry");
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
