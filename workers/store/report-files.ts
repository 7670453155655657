// Files of reports in the bucket: those that were sent, for the history, and those that go into somebody's folder.
import type { SiteId } from "../domain/site.ts";

const SENT = "reports/sent";
const FOLDERS = "reports/folders";
/** Keys of a call to delete. */
const AT_ONCE = 1000;

export const sentPrefix = (siteId: SiteId): string => `${SENT}/${siteId}/`;
/** `of`: what the files belong to, a delivery, or a report that several were sent. */
export const sentKey = (siteId: SiteId, of: string, name: string): string => `${sentPrefix(siteId)}${of}/${name}`;
export const folderKey = (siteId: SiteId, folder: string, name: string): string =>
  `${FOLDERS}/${siteId}/${folder}/${name}`;

export async function keepReportFile(
  lake: R2Bucket,
  key: string,
  { content, type }: { content: Uint8Array; type: string },
): Promise<void> {
  await lake.put(key, content, { httpMetadata: { contentType: type } });
}

/** Null when it is gone. */
export async function readReportFile(lake: R2Bucket, key: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const object = await lake.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
}

export async function removeReportFiles(lake: R2Bucket, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += AT_ONCE) await lake.delete(keys.slice(at, at + AT_ONCE));
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

/** Of a site: how many were sent and are kept, and how many lie in folders. */
export async function reportFilesOf(lake: R2Bucket, siteId: SiteId): Promise<{ sent: string[]; folders: string[] }> {
  return {
    sent: await keysUnder(lake, sentPrefix(siteId)),
    folders: await keysUnder(lake, `${FOLDERS}/${siteId}/`),
  };
}
