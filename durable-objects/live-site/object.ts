import { DurableObject } from "cloudflare:workers";
import type { LiveMessage, LiveMinute, LiveState } from "../../workers/domain/live.ts";
import type { Env } from "../../workers/env.ts";
import { listGoals } from "../../workers/store/goals.ts";
import { siteShard } from "../../workers/store/objects.ts";
import { findSite } from "../../workers/store/sites.ts";
import type { ShardLive } from "../site-shard/protocol.ts";
import { changesBetween, holdersOf, isWhole, mergeLive, sumMinutes } from "./merge.ts";
import type { LiveSiteIdentity, LiveSiteRpc } from "./protocol.ts";

/** The shards' lease and how long before its end it is renewed. */
const LEASE_MS = 60_000;
const RENEW_MS = 40_000;
/** Viewers are told at most twice a second. */
const SEND_MS = 500;
const IDENTITY_HEADER = "x-edgewise-site";

/** A socket that is closing takes nothing more, which must not keep the others from theirs. */
function sendTo(socket: WebSocket, message: string): void {
  try {
    socket.send(message);
  } catch {
    socket.close(1011);
  }
}

/** The viewers of one site: hibernating WebSockets that get a snapshot and then only what changed. */
export class LiveSite extends DurableObject<Env> implements LiveSiteRpc {
  /** By epoch and shard. */
  private readonly shards = new Map<string, ShardLive>();
  /** What every viewer has; null after hibernation, when nobody remembers. */
  private sent: LiveState | null = null;
  /** Which shards the viewers' state is from. */
  private holders = "";
  private sequence = Date.now();
  private sendTimer: number | null = null;
  private sentAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** The upgrade request, after the API has checked who asks. */
  override async fetch(request: Request): Promise<Response> {
    const identity = request.headers.get(IDENTITY_HEADER);
    if (request.headers.get("upgrade") !== "websocket" || !identity) return new Response(null, { status: 426 });
    this.ctx.storage.kv.put("site", JSON.parse(identity) as LiveSiteIdentity); // set by the API from its own site row
    await this.lease();
    // Visitors that moved between two shards' words are counted by neither or both; a moment later they are by one.
    for (let again = 0; again < 3 && !isWhole(this.shards.values()); again++) await this.lease();
    const { 0: client, 1: server } = new WebSocketPair();
    const first = this.ctx.getWebSockets().length === 0;
    // After hibernation nobody knows what those already here have: they begin anew too.
    if (!first && this.sent === null) this.send();
    // One baseline serves all: a newcomer gets what the others have, and with them what came since.
    const state = (first ? null : this.sent) ?? mergeLive(this.shards.values());
    if (first) this.holders = holdersOf(this.shards.values());
    this.sent = state;
    this.ctx.acceptWebSocket(server);
    server.send(this.message({ type: "snapshot", state }));
    if (!first) this.sendSoon();
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(): Promise<void> {
    // Viewers have nothing to say yet; their pings are answered without waking this object.
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  async publish(live: ShardLive): Promise<void> {
    if (!this.hold(live)) return;
    // After hibernation the other shards' counters are gone too; without them the sums would be too small. And while
    // visitors move, what one shard counts no more another must count already.
    const { shards = 1 } = this.ctx.storage.kv.get<LiveSiteIdentity>("site") ?? {};
    if (this.shards.size < shards || !isWhole(this.shards.values())) await this.lease();
    this.sendSoon();
  }

  /** False when a newer state of that shard is held. */
  private hold(live: ShardLive): boolean {
    const key = `${live.epoch}/${live.shard}`;
    const held = this.shards.get(key);
    if (held && held.sequence > live.sequence) return false;
    this.shards.set(key, live);
    return true;
  }

  async refresh(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return;
    await this.lease();
    this.sendSoon();
  }

  async minutes(site: LiveSiteIdentity, since: number): Promise<LiveMinute[] | null> {
    // Both sides of a move have the minutes of those who moved.
    if (site.nextShards !== null) return null;
    const shards = Array.from({ length: site.shards }, (_, shard) => siteShard(this.env, site, shard).minutes(since));
    return sumMinutes(await Promise.all(shards));
  }

  override async alarm(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) {
      this.shards.clear();
      this.sent = null;
      return;
    }
    await this.lease();
    this.sendSoon();
  }

  /** Takes the counters of all shards and asks them to push for another minute. */
  private async lease(): Promise<void> {
    const identity = this.ctx.storage.kv.get<LiveSiteIdentity>("site");
    if (!identity) return;
    // First, so that a shard that cannot be reached now is asked again.
    await this.ctx.storage.setAlarm(Date.now() + RENEW_MS);
    const site = (await findSite(this.env.DB, identity.id)) ?? identity;
    const goals = await listGoals(this.env.DB, site.id);
    const until = Date.now() + LEASE_MS;
    const { id: siteId, timeZone, jurisdiction, nextShards } = site;
    const next = nextShards === null ? [] : [{ ...site, epoch: site.epoch + 1, shards: nextShards }];
    const asked = new Set<string>();
    // Those that visitors leave first: what they count no more is counted by the others then.
    for (const one of [site, ...next]) {
      const { shards, epoch } = one;
      const all = Array.from({ length: shards }, async (_, shard) => {
        asked.add(`${epoch}/${shard}`);
        const of = { siteId, shard, shards, epoch, timeZone, jurisdiction };
        this.hold(await siteShard(this.env, one, shard).watch({ of, goals, until }));
      });
      await Promise.all(all);
    }
    for (const key of this.shards.keys()) if (!asked.has(key)) this.shards.delete(key);
  }

  private sendSoon(): void {
    if (this.sendTimer !== null) return;
    const delay = Math.max(0, this.sentAt + SEND_MS - Date.now());
    if (delay === 0) this.send();
    else this.sendTimer = setTimeout(() => this.send(), delay);
  }

  private send(): void {
    if (this.sendTimer !== null) clearTimeout(this.sendTimer);
    this.sendTimer = null;
    const sockets = this.ctx.getWebSockets();
    if (sockets.length === 0) {
      this.sent = null;
      return;
    }
    // In the moment between two shards' words about the same visitors the viewers keep what they have.
    if (!isWhole(this.shards.values()) && this.sent !== null) return;
    // Who counts a visitor from now on lists their events under other keys: the viewers begin anew.
    const holders = holdersOf(this.shards.values());
    if (holders !== this.holders) this.sent = null;
    this.holders = holders;
    const state = mergeLive(this.shards.values());
    const changes = this.sent && changesBetween(this.sent, state);
    const message =
      this.sent === null
        ? this.message({ type: "snapshot", state })
        : changes && this.message({ type: "changes", changes });
    this.sent = state;
    if (!message) return;
    this.sentAt = Date.now();
    for (const socket of sockets) sendTo(socket, message);
  }

  private message(
    body: { type: "snapshot"; state: LiveState } | { type: "changes"; changes: Partial<LiveState> },
  ): string {
    const message: LiveMessage = { ...body, sequence: ++this.sequence, now: Date.now() };
    return JSON.stringify(message);
  }
}
