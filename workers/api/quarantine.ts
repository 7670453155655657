// Events that the tracking plan refused: looked at, and taken after the plan is mended.

import { Hono } from "hono";
import * as z from "zod";
import { unpackEvent } from "../domain/event.ts";
import type { HeldEvent } from "../domain/quarantine.ts";
import type { Env } from "../env.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { countQuarantined, heldEvents, readQuarantined } from "../store/quarantine.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { heldReply, ruleSchema } from "./plan-schemas.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { replayQuarantine } from "./replay-quarantine.ts";
import { siteOf } from "./site-of.ts";

const askedSchema = z.strictObject({
  event: z.string().min(1).max(120).optional(),
  rule: ruleSchema.optional(),
  /** The `next` of the request before, where more was left to look at. */
  cursor: z.string().min(1).max(1000).optional(),
});
const replayReply = z.strictObject({
  replayed: z.int(),
  duplicate: z.int(),
  refused: z.int(),
  retry: z.int(),
  left: z.int(),
  more: z.boolean(),
  ...nextSchema,
});

const MOST_LISTED = 100;
const listSchema = pageSchema.extend({ limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(MOST_LISTED) });

function told([line, packed, violations]: HeldEvent): z.infer<typeof heldReply> {
  const { id, name, at, receivedAt, hostname, path, props } = unpackEvent(packed);
  return { line, id, event: name, at, receivedAt, page: hostname + path, props, violations };
}

export const quarantine = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/quarantine",
    operation({
      summary: "List events in quarantine",
      needs: "export",
      about: "Those that the tracking plan refused, for 30 days; as they were taken, without who sent them.",
      query: listSchema,
      replies: { 200: z.strictObject({ events: z.array(heldReply), total: z.int(), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "export");
      readQuery(c, listSchema);
      await inEachEpoch(c.env, site, async (shard) => shard.flush());
      const byLine = { key: (event: Entry) => event.key, kinds: ["number", "number", "number", "number"] } as const;
      const { entries, next } = await pageOf(c, byLine, ({ after, limit }) => listed(c.env.DB, site.id, after, limit));
      const total = await countQuarantined(c.env.DB, site.id);
      return c.json({ events: entries.map(({ event }) => told(event)), total, next });
    },
  )
  .post(
    "/:id/quarantine/replay",
    operation({
      summary: "Take events out of quarantine",
      needs: "define",
      about:
        "Those that fit the tracking plan by now are counted at their own time, each once, however often this is asked; of one event or rule, or all. Of many, `next` is the `cursor` to go on with.",
      body: askedSchema,
      replies: { 200: replayReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { event, rule, cursor } = await readValid(c.req.raw, askedSchema);
      const { next, ...replayed } = await replayQuarantine(c.env, site, { event, rule, cursor, now: Date.now() });
      recordChange(c, { after: { event, rule, ...replayed } });
      return c.json({ ...replayed, next });
    },
  );

interface Entry {
  /** Epoch, shard and row, and the line. */
  key: [number, number, number, number];
  event: HeldEvent;
}

/** Events after a key; of a row that was begun, the rest. */
async function listed(
  db: D1Database,
  siteId: Parameters<typeof readQuarantined>[1],
  after: readonly (string | number)[] | null,
  limit: number,
): Promise<Entry[]> {
  const [epoch = 0, shard = 0, seq = 0, line = -1] = after?.map(Number) ?? [];
  const entries: Entry[] = [];
  let from = { epoch, shard, seq: seq - 1 };
  while (entries.length < limit) {
    const rows = await readQuarantined(db, siteId, { after: from, limit: 4 });
    for (const row of rows) {
      const isBegun = row.epoch === epoch && row.shard === shard && row.seq === seq;
      for (const event of heldEvents(row.body)) {
        if (!isBegun || event[0] > line) entries.push({ key: [row.epoch, row.shard, row.seq, event[0]], event });
      }
      from = row;
    }
    if (rows.length < 4) break;
  }
  return entries.slice(0, limit);
}
