// What a backup says of itself: every part with its size, checksum and rows, and the counts that they add up to.
import { createHash } from "node:crypto";
import * as z from "zod";
import { backedUpSiteSchema } from "../../domain/backup.ts";

export const MANIFEST = "manifest.json";
/** Beside it, since it cannot hold its own. */
export const MANIFEST_SUM = "manifest.sha256";

const count = z.int().min(0);

const partSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(["table", "events", "ids", "memory"]),
  table: z.string().optional(),
  site: z.string().optional(),
  shard: count.optional(),
  /** Rows, events or ids. */
  rows: count,
  bytes: count,
  sha256: z.string(),
});
export type Part = z.infer<typeof partSchema>;

const siteSchema = backedUpSiteSchema.extend({
  /** Of each shard the instant, in milliseconds, and the events that it had taken by then. */
  cuts: z.array(z.strictObject({ at: z.number(), events: count })),
  /** Events by UTC date. */
  days: z.record(z.string(), count),
});

export const manifestSchema = z.strictObject({
  format: z.literal("edgewise-backup"),
  version: z.int().min(1),
  id: z.string(),
  name: z.string(),
  /** When it began, milliseconds. */
  madeAt: z.number(),
  migration: z.string(),
  /** Sealed; null where it was made without a secret for it. */
  identityKey: z.string().nullable(),
  /** Rows by table. */
  tables: z.record(z.string(), count),
  sites: z.array(siteSchema),
  parts: z.array(partSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const AT_FIELD = 2;

/** Events of lines by UTC date. */
export function daysOf(lines: string): Record<string, number> {
  const days: Record<string, number> = {};
  for (const line of lines.split("\n")) {
    if (line === "") continue;
    const [, packed] = JSON.parse(line) as [string, unknown[]]; // lines of a backup's events
    const date = new Date(Number(packed[AT_FIELD])).toISOString().slice(0, 10);
    days[date] = (days[date] ?? 0) + 1;
  }
  return days;
}

export function addDays(to: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [date, events] of Object.entries(more)) to[date] = (to[date] ?? 0) + events;
}

export const eventsOf = ({ sites }: Manifest): number =>
  sites.flatMap(({ cuts }) => cuts).reduce((sum, { events }) => sum + events, 0);
