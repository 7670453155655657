// How long a site keeps what, and what a run is to remove or archive today. Pure: time and what there is are arguments.
import * as z from "zod";
import { ARCHIVE_DAY_MS, dateOf, type HeldDay, startOf } from "./archive.ts";

const months = z.int("use whole months").min(1).max(1200).nullable();

const rules = {
  /** Months that collected events are kept; null for ever. What goes to the archive follows the archive's own months. */
  events: months,
  /** The same of imported events. */
  imports: months,
  /** Days that the raw copy in D1 is kept; at most 3, since it is a copy. */
  rawDays: z.int().min(1).max(3),
  /** Months that counts of refused beacons are kept. */
  refusals: months,
  /** Whole days older than `afterDays` go to the archive; collected events are removed from it after `months`. */
  archive: z.strictObject({ afterDays: z.int().min(7).max(3660), months }).nullable(),
};
const rulesSchema = z.strictObject(rules);

export const legalHoldSchema = z.strictObject({
  reason: z.string().trim().min(1, "say why").max(500),
  /** When it ends by itself, milliseconds; null until it is lifted. */
  until: z.int().nullable(),
  /** Who set it, and when. */
  by: z.string(),
  at: z.int(),
});
export type LegalHold = z.infer<typeof legalHoldSchema>;

export const newLegalHoldSchema = legalHoldSchema
  .pick({ reason: true })
  .extend({ until: z.int().nullable().default(null) });

export const retentionSchema = rulesSchema.extend({ legalHold: legalHoldSchema.nullable() }).meta({ id: "Retention" });
export type Retention = z.infer<typeof retentionSchema>;

/** A change: what it does not name stays. A hold is set and lifted by doors of its own. */
export const retentionPatchSchema = rulesSchema.partial();

/** What a change names. */
export const definedOf = (patch: z.infer<typeof retentionPatchSchema> | undefined): Partial<Retention> =>
  Object.fromEntries(Object.entries(patch ?? {}).filter(([, value]) => value !== undefined));

export const DEFAULT_RETENTION: Retention = {
  events: 13,
  imports: null,
  rawDays: 3,
  refusals: 13,
  archive: null,
  legalHold: null,
};

/** The hold that is in force, if any: while it is, nothing of the site is removed. */
export const holdOf = ({ legalHold }: Retention, now: number): LegalHold | null =>
  legalHold !== null && (legalHold.until === null || legalHold.until > now) ? legalHold : null;

/** The first date that is kept when so many months are; null keeps all. The last day of a shorter month stands for later ones. */
export function keptFrom(kept: number | null, now: number): string | null {
  if (kept === null) return null;
  const day = new Date(now);
  const first = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - kept, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day.getUTCDate(), last));
  return dateOf(first.getTime());
}

/** What the archive holds of a date. */
export interface HeldArchive {
  date: string;
  live: number;
  imports: number;
  bytes: number;
  /** Brought back to the shards until then: not archived before. */
  restoredUntil: number | null;
}

export interface Inventory {
  held: readonly HeldDay[];
  archived: readonly HeldArchive[];
  /** Counts of refusals by UTC date, rows. */
  refusals: readonly { date: string; rows: number }[];
  /** Whether there is anywhere to archive to. */
  lake: boolean;
}

export const RETAINED = ["events", "imports", "archive", "archived_imports", "refusals"] as const;

/** One thing to be done. `count`: events, or rows of counts. */
export interface RetentionStep {
  type: (typeof RETAINED)[number];
  action: "archive" | "remove";
  date: string;
  count: number;
  bytes: number;
}

const isBefore = (date: string, from: string | null): boolean => from !== null && date < from;

function stepsOfHeld(retention: Retention, { held, archived, lake }: Inventory, now: number): RetentionStep[] {
  const restored = new Map(archived.map(({ date, restoredUntil }) => [date, restoredUntil ?? 0]));
  const toArchive = retention.archive === null ? null : dateOf(now - retention.archive.afterDays * ARCHIVE_DAY_MS);
  const events = retention.archive === null ? keptFrom(retention.events, now) : keptFrom(retention.archive.months, now);
  const imports = keptFrom(retention.imports, now);
  const steps: RetentionStep[] = [];
  for (const { date, live, imports: imported, bytes } of held) {
    const share = (count: number) => Math.round((bytes * count) / Math.max(1, live + imported));
    const goes = { events: isBefore(date, events) ? live : 0, imports: isBefore(date, imports) ? imported : 0 };
    for (const type of ["events", "imports"] as const) {
      const count = goes[type];
      if (count > 0) steps.push({ type, action: "remove", date, count, bytes: share(count) });
    }
    if (!lake || !isBefore(date, toArchive) || (restored.get(date) ?? 0) > now) continue;
    const kept = { events: live - goes.events, imports: imported - goes.imports };
    for (const type of ["events", "imports"] as const) {
      const count = kept[type];
      if (count > 0) steps.push({ type, action: "archive", date, count, bytes: share(count) });
    }
  }
  return steps;
}

function stepsOfArchive(retention: Retention, { archived, lake }: Inventory, now: number): RetentionStep[] {
  if (!lake) return [];
  const events = keptFrom(retention.archive === null ? retention.events : retention.archive.months, now);
  const imports = keptFrom(retention.imports, now);
  const steps: RetentionStep[] = [];
  for (const { date, live, imports: imported, bytes } of archived) {
    const share = (count: number) => Math.round((bytes * count) / Math.max(1, live + imported));
    if (live > 0 && isBefore(date, events)) {
      steps.push({ type: "archive", action: "remove", date, count: live, bytes: share(live) });
    }
    if (imported > 0 && isBefore(date, imports)) {
      steps.push({ type: "archived_imports", action: "remove", date, count: imported, bytes: share(imported) });
    }
  }
  return steps;
}

/** What is due, oldest first. A legal hold is for the caller to ask about: a dry run shows what it keeps. */
export function planRetention(retention: Retention, inventory: Inventory, now: number): RetentionStep[] {
  const refusals = keptFrom(retention.refusals, now);
  const steps = [
    ...stepsOfHeld(retention, inventory, now),
    ...stepsOfArchive(retention, inventory, now),
    ...inventory.refusals
      .filter(({ date }) => isBefore(date, refusals))
      .map(({ date, rows }): RetentionStep => ({ type: "refusals", action: "remove", date, count: rows, bytes: 0 })),
  ];
  const order = (step: RetentionStep) => `${step.date} ${step.action} ${step.type}`;
  return steps.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Shards need to tell of days before this only: nothing later can be due. */
export function nothingDueSince(retention: Retention, now: number): number {
  const dates = [
    keptFrom(retention.events, now),
    keptFrom(retention.imports, now),
    keptFrom(retention.archive?.months ?? null, now),
    retention.archive && dateOf(now - retention.archive.afterDays * ARCHIVE_DAY_MS),
  ].filter((date) => date !== null);
  return Math.max(0, ...dates.map(startOf));
}

export interface RetentionTotal {
  type: RetentionStep["type"];
  action: RetentionStep["action"];
  days: number;
  count: number;
  bytes: number;
}

/** Steps by type and action. */
export function totalsOf(steps: readonly RetentionStep[]): RetentionTotal[] {
  const groups = Map.groupBy(steps, ({ type, action }) => `${type} ${action}`);
  return [...groups.values()].map((own) => ({
    type: own[0]!.type,
    action: own[0]!.action,
    days: new Set(own.map(({ date }) => date)).size,
    count: own.reduce((sum, { count }) => sum + count, 0),
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}
