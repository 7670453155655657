// What the system tells of itself.
import * as z from "zod";

const ms = z.number().nullable();
const share = z.number();

const timesShape = { count: z.int(), refused: z.int(), failed: z.int(), p50: ms, p95: ms, p99: ms, max: z.number() };
export const timesSchema = z.strictObject(timesShape);

const incidentSchema = z.strictObject({
  id: z.int(),
  kind: z.string(),
  openedAt: z.int(),
  closedAt: z.int().nullable(),
  reason: z.string(),
});

const slowSchema = z.strictObject({
  at: z.int(),
  siteId: z.string(),
  asked: z.string(),
  period: z.string(),
  source: z.string(),
  scanned: z.int(),
  rolled: z.int(),
  ms: z.number(),
});

export const systemSchema = z
  .strictObject({
    hours: z.int(),
    health: z.strictObject({
      status: z.enum(["ok", "degraded", "not ready"]),
      looks: z.array(
        z.strictObject({ name: z.string(), label: z.string(), needed: z.boolean(), reason: z.string().nullable() }),
      ),
    }),
    jobs: z.array(
      z.strictObject({
        name: z.string(),
        cron: z.string(),
        startedAt: z.int(),
        ms: z.int(),
        problem: z.string().nullable(),
        wellAt: z.int().nullable(),
      }),
    ),
    /** Events on disk, how long each took there from its receipt, and requests that brought them. */
    ingest: z.strictObject({ events: z.int(), perSecond: z.number(), lag: timesSchema, requests: timesSchema }),
    api: timesSchema,
    /** The most events that waited in one shard for their copy in D1, in the last quarter of an hour; null when none told. */
    backlog: z.number().nullable(),
    series: z.array(
      z.strictObject({
        start: z.int(),
        events: z.int(),
        requests: z.int(),
        failed: z.int(),
        apiP95: ms,
        lagP95: ms,
      }),
    ),
    timings: z.array(z.strictObject({ kind: z.string(), name: z.string(), ...timesShape })),
    slow: z.array(slowSchema),
    cost: z.strictObject({
      plan: z.enum(["paid", "free"]),
      since: z.int(),
      events: z.int(),
      lines: z.array(
        z.strictObject({ name: z.string(), used: z.number(), included: z.number().nullable(), dollars: z.number() }),
      ),
      dollars: z.number(),
    }),
    budget: z.strictObject({
      days: z.int(),
      objective: share,
      requests: z.int(),
      failed: z.int(),
      availability: share.nullable(),
      allowed: z.number(),
      left: z.number(),
    }),
    incidents: z.array(incidentSchema),
  })
  .meta({ id: "System" });

export type SystemReply = z.infer<typeof systemSchema>;

export const storageSchema = z
  .strictObject({
    d1Bytes: z.int(),
    sites: z.array(
      z.strictObject({
        siteId: z.string(),
        shards: z.int(),
        events: z.int(),
        bytes: z.int(),
        /** Events not yet copied to D1. */
        waiting: z.int(),
      }),
    ),
    /** Sites that were not asked: each shard is a call. */
    left: z.int(),
  })
  .meta({ id: "SystemStorage" });

export type StorageReply = z.infer<typeof storageSchema>;
