import { Hono } from "hono";
import type { LiveSiteIdentity } from "../../durable-objects/live-site/protocol.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { liveSite } from "../store/objects.ts";
import { countUse } from "../store/system/gather.ts";
import { timed } from "../store/system/timed.ts";
import { operation } from "./operation.ts";
import { siteOf } from "./site-of.ts";

export const live = new Hono<{ Bindings: Env }>().get(
  "/:id/live",
  operation({
    summary: "Follow a site live",
    needs: "query",
    about: "Speaks WebSocket.",
    replies: { 101: null },
    errors: ["invalid"],
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new AppError("invalid", "this address speaks WebSocket; open it with one");
    }
    const { id, shards, epoch, nextShards, timeZone, jurisdiction } = site;
    const identity: LiveSiteIdentity = { id, shards, epoch, nextShards, timeZone, jurisdiction };
    const headers = new Headers(c.req.raw.headers);
    headers.set("x-edgewise-site", JSON.stringify(identity));
    countUse("objectRequests");
    return timed("object live watch", () => liveSite(c.env, site).fetch(c.req.raw.url, { headers }));
  },
);
