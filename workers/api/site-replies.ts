// What the API tells of a site beside its settings.
import * as z from "zod";
import type { ShardStats } from "../../durable-objects/site-shard/protocol.ts";
import type { RollChecks } from "../store/roll-checks.ts";
import { siteSchema } from "./site-schema.ts";

const time = z.int().nullable();

const move = z.strictObject({ epoch: z.int(), shards: z.int(), pieces: z.int(), taken: z.int(), events: z.int() });
export const movedReply = siteSchema.extend({ move: move.nullable() });

const rollChecks = z.strictObject({
  checked: z.int(),
  differing: z.int(),
  kept: z.int(),
  checkedAt: time,
  differedAt: time,
}) satisfies z.ZodType<RollChecks>;

const shardStats = z.strictObject({
  events: z.int(),
  logRows: z.int(),
  segments: z.int(),
  unflushed: z.int(),
  leftOut: z.strictObject({ events: z.int(), since: z.int(), until: z.int() }).nullable(),
  bytes: z.int(),
  scanBytes: z.strictObject({ now: z.number(), most: z.number() }),
  firstEventAt: time,
  lastEventAt: time,
}) satisfies z.ZodType<ShardStats>;

export const statusReply = z
  .strictObject({
    firstEventAt: time,
    lastEventAt: time,
    events: z.int(),
    drops: z.record(z.string(), z.int()),
    rollups: rollChecks,
    /** The first day of imported history. */
    historyFrom: z.string().nullable(),
    shards: z.array(shardStats),
  })
  .meta({ id: "SiteStatus" });
