// What was sent to a site's alert channels, and what waits.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { type Delivery, listNotices, replayNotice } from "../store/notices.ts";
import { deliveryReply } from "./alert-replies.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { siteOf } from "./site-of.ts";

const toldOf = ({ message, ...rest }: Delivery): z.infer<typeof deliveryReply> => ({
  ...rest,
  kind: message.kind,
  name: message.incident.name,
  reason: message.incident.reason,
});

export const alertDeliveries = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/alert-deliveries",
    operation({
      summary: "List what was sent to the alert channels, and what waits",
      needs: "define",
      about: "Newest first, of the last 90 days.",
      query: pageSchema,
      replies: { 200: z.strictObject({ deliveries: z.array(deliveryReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const newest = { key: ({ createdAt, id }: Delivery) => [createdAt, id], kinds: ["number", "string"] } as const;
      const { entries, next } = await pageOf(c, newest, ({ after, limit }) =>
        listNotices(c.env.DB, site.id, { before: after, limit }),
      );
      return c.json({ deliveries: entries.map(toldOf), next });
    },
  )
  .post(
    "/:id/alert-deliveries/:deliveryId/replay",
    operation({
      summary: "Send a delivery once more",
      needs: "settings",
      about: "Within a minute, under the same id, to the channel as it is set now.",
      replies: { 202: null },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const id = c.req.param("deliveryId");
      const outcome = await replayNotice(c.env.DB, site.id, { id, now: Date.now() });
      if (outcome === null) throw new AppError("not_found", "the site has no such delivery");
      if (outcome === "waits") throw new AppError("conflict", "the delivery is still to be sent as it is");
      recordChange(c, { after: { state: "due" } });
      return c.body(null, 202);
    },
  );
