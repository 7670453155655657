// The bucket: files that are known by their checksum, and a day's manifest, which is written last.
import { type ArchivedFile, folderOf, type Manifest, manifestKey, manifestSchema } from "../../domain/archive.ts";
import { rowsOf } from "./event-parquet.ts";

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  hex(await crypto.subtle.digest("SHA-256", bytes));

export class DamagedArchive extends Error {}

/** The file's bytes, which are those that were written; throws when it is gone or is anything else. */
export async function readFile(lake: R2Bucket, { key, sha256, rows }: ArchivedFile): Promise<Uint8Array<ArrayBuffer>> {
  const object = await lake.get(key);
  if (!object) throw new DamagedArchive(`the archive lacks ${key}`);
  const bytes = new Uint8Array(await object.arrayBuffer());
  if ((await sha256Of(bytes)) !== sha256)
    throw new DamagedArchive(`${key} is not what was archived: its checksum differs`);
  if (rowsOf(bytes) !== rows) throw new DamagedArchive(`${key} does not hold the ${rows} events that it should`);
  return bytes;
}

/** Null when the day has none. */
export async function readManifest(lake: R2Bucket, siteId: string, date: string): Promise<Manifest | null> {
  const key = manifestKey(siteId, date);
  const object = await lake.get(key);
  if (!object) return null;
  const found = manifestSchema.safeParse(await object.json().catch(() => null));
  if (!found.success) throw new DamagedArchive(`${key} cannot be read`);
  return found.data;
}

export async function writeManifest(lake: R2Bucket, manifest: Manifest): Promise<void> {
  await lake.put(manifestKey(manifest.siteId, manifest.date), JSON.stringify(manifest, null, 1), {
    httpMetadata: { contentType: "application/json" },
  });
}

async function keysUnder(lake: R2Bucket, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await lake.list({ prefix, ...(cursor !== undefined && { cursor }) });
    keys.push(...page.objects.map(({ key }) => key));
    if (!page.truncated) return keys;
    cursor = page.cursor;
  }
}

/** Removes of a day's files those that its manifest does not name; all of them, and the manifest, without one. */
export async function sweepDay(lake: R2Bucket, siteId: string, date: string): Promise<number> {
  const manifest = await readManifest(lake, siteId, date);
  const named = new Set(manifest ? [manifestKey(siteId, date), ...manifest.files.map(({ key }) => key)] : []);
  const left = (await keysUnder(lake, folderOf(siteId, date))).filter((key) => !named.has(key));
  if (left.length > 0) await lake.delete(left);
  return left.length;
}

/** Dates of which the bucket holds anything, oldest first. */
export async function datesIn(lake: R2Bucket, siteId: string): Promise<string[]> {
  const prefix = `site=${siteId}/date=`;
  const dates = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await lake.list({ prefix, delimiter: "/", ...(cursor !== undefined && { cursor }) });
    for (const one of page.delimitedPrefixes) dates.add(one.slice(prefix.length, -1));
    if (!page.truncated) return [...dates].sort();
    cursor = page.cursor;
  }
}
