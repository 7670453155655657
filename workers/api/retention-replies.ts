// What the API tells of how long a site keeps what, and of its archive.
import * as z from "zod";
import { RETAINED, type RetentionStep, type RetentionTotal } from "../domain/retention.ts";
import type { ArchiveDay } from "../store/archive/archive-days.ts";
import type { RetentionRun } from "../store/archive/retention-runs.ts";

const type = z.enum(RETAINED);
const action = z.enum(["archive", "remove"]);

const stepReply = z
  .strictObject({ type, action, date: z.string(), count: z.int(), bytes: z.int() })
  .meta({ id: "RetentionStep" }) satisfies z.ZodType<RetentionStep>;

export const totalReply = z
  .strictObject({ type, action, days: z.int(), count: z.int(), bytes: z.int() })
  .meta({ id: "RetentionTotal" }) satisfies z.ZodType<RetentionTotal>;

const steps = z.array(stepReply);

export const dryRunReply = z
  .strictObject({
    at: z.int(),
    /** The reason of the hold that keeps all of it, null without one. */
    held: z.string().nullable(),
    totals: z.array(totalReply),
    steps,
  })
  .meta({ id: "RetentionDryRun" });

export const runReply = z
  .strictObject({
    id: z.int(),
    at: z.int(),
    state: z.enum(["done", "partial", "held"]),
    steps,
    kept: steps,
    problems: z.array(z.string()),
  })
  .meta({ id: "RetentionRun" }) satisfies z.ZodType<Omit<RetentionRun, "siteId">>;

export const archiveDayReply = z
  .strictObject({
    date: z.string(),
    state: z.enum(["written", "dropped", "damaged"]),
    live: z.int(),
    imports: z.int(),
    files: z.int(),
    bytes: z.int(),
    archivedAt: z.int(),
    restoredUntil: z.int().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: "ArchiveDay" }) satisfies z.ZodType<Omit<ArchiveDay, "siteId">>;

export const reportReply = z
  .strictObject({
    year: z.int(),
    runs: z.int(),
    /** Runs that a legal hold kept from removing what was due. */
    heldRuns: z.int(),
    done: z.array(totalReply),
    /** What was due at the last run of the year and was kept, by a hold or for a fault. */
    kept: z.array(totalReply),
    problems: z.array(z.strictObject({ at: z.int(), problem: z.string() })),
    /** What is kept now. */
    now: z.strictObject({ events: z.int(), archived: z.int(), archivedBytes: z.int() }),
  })
  .meta({ id: "RetentionReport" });
export type RetentionReport = z.infer<typeof reportReply>;
