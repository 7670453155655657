import * as z from "zod";
import { beaconSchema, type CollectReply, LIMITS } from "../domain/beacon.ts";
import type { Operation } from "./operation.ts";

const fieldsSchema = z.array(z.strictObject({ path: z.string(), message: z.string() })).exactOptional();

const receiptSchema = z.strictObject({
  index: z.int(),
  status: z.enum(["accepted", "duplicate", "quarantined", "dropped", "invalid", "retry"]),
  reason: z.string().exactOptional(),
  errors: fieldsSchema,
  warnings: fieldsSchema,
});

/** Totals of a request's events, and a receipt for each that was not simply accepted. */
export const collectReplySchema = z
  .strictObject({
    accepted: z.int(),
    duplicate: z.int(),
    quarantined: z.int().exactOptional(),
    dropped: z.int(),
    invalid: z.int(),
    retry: z.int(),
    reasons: z.record(z.string(), z.int()),
    events: z.array(receiptSchema),
  })
  .meta({ id: "CollectReply" }) satisfies z.ZodType<CollectReply>;

const eventSchema = beaconSchema.meta({ id: "Beacon" });
const batchedSchema = beaconSchema.partial({ site: true }).meta({ id: "BatchedBeacon" });

/** Each event is checked by itself, so that one that does not fit costs the others nothing. */
export const collectOperation: Operation = {
  summary: "Send events",
  needs: "nothing",
  about:
    "One event, a list of up to 500, or a list with the site once for all. What is answered 202 as accepted is on disk.",
  body: z.union([
    eventSchema,
    z.array(eventSchema).max(LIMITS.batchEvents),
    z.object({ site: beaconSchema.shape.site, events: z.array(batchedSchema).max(LIMITS.batchEvents) }),
  ]),
  replies: { 202: collectReplySchema },
  errors: ["not_found"],
  audit: { why: "what visitors do is what is measured, and no act of those who run the site" },
};
