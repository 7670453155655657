// The archive: sealed days of a site as Parquet files, a manifest beside them that says what they hold. Dates are UTC, so
// that a change of the site's time zone moves nothing.
import * as z from "zod";
import type { SiteId } from "./site.ts";

export const ARCHIVE_DAY_MS = 24 * 3600_000;
export const ARCHIVE_FORMAT = 1;

export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** Milliseconds at which the date begins, UTC. */
export const startOf = (date: string): number => Date.parse(`${date}T00:00:00.000Z`);

export const archivedFileSchema = z.strictObject({
  key: z.string(),
  date: z.string(),
  /** "" for what was collected, else the import that brought it. */
  importId: z.string(),
  rows: z.int(),
  atMin: z.number(),
  atMax: z.number(),
  /** Receipt time of the newest event. */
  receivedAt: z.number(),
  /** The first and last of the visitors' leading 32 bits. */
  fromLead: z.int(),
  toLead: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** Sum of the events' hashes, see digest.ts. */
  digest: z.int(),
  /** Where its events stand among others of the same moment: by arrival. */
  arrival: z.int(),
});
export type ArchivedFile = z.infer<typeof archivedFileSchema>;

export const manifestSchema = z.strictObject({
  format: z.literal(ARCHIVE_FORMAT),
  siteId: z.string(),
  date: z.string(),
  events: z.int(),
  /** Events of each import among them. */
  imports: z.record(z.string(), z.int()),
  bytes: z.int(),
  /** Time of the first and last event, milliseconds. */
  from: z.number(),
  to: z.number(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  files: z.array(archivedFileSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Events that a site's shards hold of one date, and about how many bytes they take. */
export interface HeldDay {
  date: string;
  /** Collected. */
  live: number;
  /** Brought by imports. */
  imports: number;
  bytes: number;
}

export const folderOf = (siteId: SiteId | string, date: string): string => `site=${siteId}/date=${date}/`;
export const manifestKey = (siteId: SiteId | string, date: string): string => `${folderOf(siteId, date)}manifest.json`;
/** Named after what it holds, so that writing the same again writes the same file. */
export const fileKey = (siteId: SiteId | string, date: string, sha256: string): string =>
  `${folderOf(siteId, date)}${sha256.slice(0, 32)}.parquet`;

const total = (files: readonly ArchivedFile[], of: (file: ArchivedFile) => number): number =>
  files.reduce((sum, file) => sum + of(file), 0);

/** The same for the same files, whatever their order. */
export function manifestOf(
  siteId: string,
  date: string,
  { files, columns }: Pick<Manifest, "files" | "columns">,
): Manifest {
  const sorted = files.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const imports: Record<string, number> = {};
  for (const { importId, rows } of sorted) if (importId !== "") imports[importId] = (imports[importId] ?? 0) + rows;
  return {
    format: ARCHIVE_FORMAT,
    siteId,
    date,
    events: total(sorted, ({ rows }) => rows),
    imports,
    bytes: total(sorted, ({ bytes }) => bytes),
    from: Math.min(...sorted.map(({ atMin }) => atMin)),
    to: Math.max(...sorted.map(({ atMax }) => atMax)),
    columns,
    files: sorted,
  };
}
