// The product's Worker with doors through which a test has a shard do its upkeep at once, step by step, and asks what D1
// and the live page hold. Served by test/support/serve-upkeep.ts alone.

import { SiteShard as ProductShard } from "../../durable-objects/site-shard/object.ts";
import type { ShardIdentity } from "../../durable-objects/site-shard/protocol.ts";
import type { UpkeepSteps } from "../../durable-objects/site-shard/upkeep.ts";
import type { LiveMessage } from "../../workers/domain/live.ts";
import { FIRST_EPOCH } from "../../workers/domain/shard.ts";
import { type Site, siteIdSchema } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import product from "../../workers/index.ts";
import { driveMove, epochsOf, raiseShards } from "../../workers/store/moves.ts";
import { siteShard } from "../../workers/store/objects.ts";
import { findSite } from "../../workers/store/sites.ts";
import { rolledUpPaths, rollupFaults } from "./rolled-up.ts";

// All of the product's objects; the one below goes before its namesake.
export * from "../../workers/index.ts";

/** A site that has so many is moved no more. */
const MOST_SHARDS = 4;
const POLL_MS = 5;

/** A turn that a task gives to others lasts no time by itself; some last long here, so that kills come into them. */
const LONG_TURN_MS = 20;
const atOnce = globalThis.setTimeout;
const stretched = (): number => (Math.random() < 1 / 4 ? Math.random() * LONG_TURN_MS : 0);
globalThis.setTimeout = ((run: () => void, ms?: number) => atOnce(run, ms || stretched())) as typeof setTimeout;

interface Order {
  of: ShardIdentity;
  chore: string;
  /** Days and hours that are over by then are taken for closed, milliseconds. */
  until: number;
}

/** True when more of it is left. */
type Chore = (steps: UpkeepSteps, order: Order) => Promise<boolean>;

/** What a test may have done, and its name in the address. */
const CHORES: Readonly<Record<string, Chore>> = {
  copy: (steps, { of }) => steps.copyOut(of),
  seal: async (steps) => {
    await steps.seal(Date.now());
    return false;
  },
  merge: (steps, { until }) => steps.merge(until),
  "roll-up": (steps, { of, until }) => steps.rollUp(of, until),
};

/** A text that is read while it is written. */
function lines() {
  const { readable, writable } = new TransformStream<Uint8Array>();
  const writer = writable.getWriter();
  const say = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
  return {
    readable,
    say,
    /** Ends it with what the work came to. */
    end: (work: Promise<string>) =>
      work
        .then(say, (error) => say(`failed: ${error instanceof Error ? error.stack : error}`.replaceAll("\n", " ")))
        .then(() => writer.close())
        // Nobody reads any more.
        .catch(() => undefined),
  };
}

export class SiteShard extends ProductShard {
  /** Answers a line when the chore begins and a line when it is over, so that who reads knows what a kill cut off. */
  override async fetch(request: Request): Promise<Response> {
    const order = await request.json<Order>();
    const chore = CHORES[order.chore];
    if (!chore) return new Response(`there is no chore ${order.chore}`, { status: 404 });
    const { readable, say, end } = lines();
    const work = this.upkeep.inTurn(async () => {
      await say("begun");
      return (await chore(this.upkeep.steps, order)) ? "more" : "done";
    });
    this.ctx.waitUntil(end(work));
    return new Response(readable);
  }
}

interface Door {
  env: Env;
  site: Site;
  url: URL;
  ctx: ExecutionContext;
}

/** The site's shards of all its epochs, the current one's last. */
async function everyShard({ env, site }: Pick<Door, "env" | "site">): Promise<ShardIdentity[]> {
  const { id: siteId, timeZone, jurisdiction } = site;
  const raised = await epochsOf(env.DB, siteId);
  const epochs = [{ epoch: FIRST_EPOCH, shards: raised[0]?.oldShards ?? site.shards }, ...raised];
  return epochs.flatMap(({ epoch, shards }) =>
    Array.from({ length: shards }, (_, shard) => ({ siteId, epoch, shard, shards, timeZone, jurisdiction })),
  );
}

const objectOf = ({ env, site }: Pick<Door, "env" | "site">, { epoch, shard }: ShardIdentity) =>
  siteShard(env, { ...site, epoch }, shard);

/** Shards are counted around, so that any number names one. */
async function chore(door: Door): Promise<Response> {
  const { url } = door;
  const name = url.searchParams.get("chore") ?? "";
  if (name === "move" || name === "rest") return move(door, name);
  const all = await everyShard(door);
  const of = all[Number(url.searchParams.get("shard")) % all.length]!;
  const order: Order = { of, chore: name, until: Number(url.searchParams.get("until")) };
  return objectOf(door, of).fetch("http://shard/", { method: "POST", body: JSON.stringify(order) });
}

/** Raises the site's shards by one, or goes on with what is under way; over when the site has come to rest. */
async function move({ env, site, ctx }: Door, name: "move" | "rest"): Promise<Response> {
  const { readable, say, end } = lines();
  const through = async (): Promise<string> => {
    if (name === "move" && site.shards < MOST_SHARDS)
      await raiseShards(env, site, { shards: site.shards + 1, now: Date.now() });
    for (;;) {
      const now = await findSite(env.DB, site.id);
      if (!now || now.nextShards === null) return "done";
      await driveMove(env, now);
      await scheduler.wait(POLL_MS);
    }
  };
  ctx.waitUntil(end(say("begun").then(through)));
  return new Response(readable);
}

/** Events by path in D1's raw copy, and the visitors of events after some times. */
async function copied({ env, site, url }: Door): Promise<Response> {
  const paths = await env.DB.prepare("select path, count(*) as n from events where site_id = ?1 group by path")
    .bind(site.id)
    .all<{ path: string; n: number }>();
  const visitors = url.searchParams.getAll("since").map(async (since) => {
    const found = await env.DB.prepare(
      "select count(distinct visitor_id) as n from events where site_id = ?1 and import_id = '' and at > ?2",
    )
      .bind(site.id, Number(since))
      .first<{ n: number }>();
    return found?.n ?? 0;
  });
  return Response.json({ paths: paths.results.map(({ path, n }) => [path, n]), visitors: await Promise.all(visitors) });
}

async function rolledUp({ env, site }: Door): Promise<Response> {
  const grains = ["hour", "day", "month"] as const;
  const paths = await Promise.all(grains.map(async (grain) => [grain, await rolledUpPaths(env.DB, site, grain)]));
  return Response.json({ paths, faults: await rollupFaults(env.DB, site, (shard) => siteShard(env, site, shard)) });
}

/** What a viewer is told first, through the product's own door. */
async function live({ env, site, url, ctx }: Door): Promise<Response> {
  const headers = { upgrade: "websocket", authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const request = new Request(`${url.origin}/api/v1/sites/${site.id}/live`, { headers });
  const { webSocket, status } = await product.fetch(request as Parameters<typeof product.fetch>[0], env, ctx); // made here, without a place
  if (!webSocket) return new Response(`no socket: ${status}`, { status: 502 });
  const first = new Promise<LiveMessage>((resolve) => {
    webSocket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data))), { once: true });
  });
  webSocket.accept();
  const message = await first;
  webSocket.close(1000);
  return Response.json(message);
}

const shards = async (door: Door) => Response.json((await everyShard(door)).length);

const DOORS: Readonly<Record<string, (door: Door) => Promise<Response>>> = {
  chore,
  shards,
  copied,
  "rolled-up": rolledUp,
  live,
};

export default {
  ...product,
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    const [, siteId, name = ""] = /^\/upkeep\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    const open = DOORS[name];
    if (!open) return product.fetch(request, env, ctx);
    const site = await findSite(env.DB, siteIdSchema.parse(siteId));
    return site ? open({ env, site, url, ctx }) : new Response(`there is no site ${siteId}`, { status: 404 });
  },
} satisfies ExportedHandler<Env>;
