// A backup: a tar file of gzipped lines and a manifest that counts and checks them. Its version rises when a reader of before
// could no longer read it.
import * as z from "zod";
import { JURISDICTIONS, siteIdSchema } from "./site.ts";

export const BACKUP_VERSION = 1;

/** A secret of 32 random bytes in base64 or hexadecimal digits, under which the identity key is sealed. */
export const backupKeySchema = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9+/_-]{43}=?|[0-9a-fA-F]{64})$/,
    "use 32 random bytes as base64, such as `openssl rand -base64 32`",
  );

/** What a restore must know of a site before the site is there. */
export const backedUpSiteSchema = z.strictObject({
  id: siteIdSchema,
  timeZone: z.string().min(1).max(60),
  jurisdiction: z.enum(JURISDICTIONS),
  shards: z.int().min(1).max(64),
});
export type BackedUpSite = z.infer<typeof backedUpSiteSchema>;

const pseudonyms = z.array(z.string().min(1).max(100)).max(100_000);

/** Of an erasure: who is not to come back, by pseudonyms as events carry them or, `sealed`, by hashes of those; and texts that name them, as hashes. */
export const erasedSchema = z.strictObject({
  site: siteIdSchema,
  userId: z.string().max(100).default(""),
  persistentIds: pseudonyms.default([]),
  visitorIds: pseudonyms.default([]),
  names: pseudonyms.default([]),
  sealed: z.boolean().default(false),
});
export type Erased = z.infer<typeof erasedSchema>;

/** Where a shard's copy begins: everything that it had taken by then, and nothing later. */
export interface ShardCut {
  /** Names the cut; the object forgets it when it ends. */
  token: string;
  /** Milliseconds. */
  at: number;
  events: number;
  /** Lines of open imports, ended imports and open sessions, as the shard gives them when visitors move. */
  memory: string;
}

/** Lines of `[import, packed event]`, each with its end of line; `next` is null with the last. */
export interface EventLines {
  lines: string;
  events: number;
  next: string | null;
}

/** Hashes of event ids as pairs of words. */
export interface IdWords {
  words: Uint32Array;
  next: string | null;
}

export type BackupAsk =
  | { want: "cut" }
  | { want: "events"; token: string; cursor: string }
  | { want: "ids"; token: string; cursor: string };

/** `moving`: visitors are on their way to another shard. `lost`: the cut is not known any more; make another. */
export type BackupReply = { cut: ShardCut } | { events: EventLines } | { ids: IdWords } | "moving" | "lost";

/** Numbered from 1 a shard, so that a repeat is known. */
export interface RestorePart {
  restore: string;
  number: number;
  events?: { importId: string; body: string; count: number }[];
  words?: Uint32Array;
  /** As the cut gave it; the last part. */
  memory?: string;
}

/** `occupied`: the shard holds events that are not this restore's. `early`: parts before it are missing. */
export type RestoreReply = "taken" | "occupied" | "early";

const IMPORT_LINE = /^\["((?:[^"\\]|\\.)*)",(\[.*\])\]$/;

/** The import and the packed event of a line; null where it is none. */
export function splitEventLine(line: string): { importId: string; packed: string } | null {
  const [, importId, packed] = IMPORT_LINE.exec(line) ?? [];
  if (importId === undefined || packed === undefined) return null;
  return { importId: JSON.parse(`"${importId}"`) as string, packed }; // a string literal by the pattern
}

export const eventLine = (importId: string, packed: string): string => `[${JSON.stringify(importId)},${packed}]\n`;
