// Pulls a deployment into a file: tables first, then each shard as it is at one instant. The file has its name only once it
// is whole and was read back.
import { open, rename, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { BackedUpSite, ShardCut } from "../../domain/backup.ts";
import { BACKUP_VERSION } from "../../domain/backup.ts";
import { Refused } from "../replay/api.ts";
import { UsageError } from "../replay/usage-error.ts";
import { type Door, jsonOf } from "./door.ts";
import { addDays, daysOf, eventsOf, MANIFEST, MANIFEST_SUM, type Manifest, type Part, sha256 } from "./manifest.ts";
import { type TarWriter, tarWriter } from "./tar.ts";

const zip = promisify(gzip);
const TRIES = 3;

interface Begun {
  id: string;
  name: string;
  beganAt: number;
  migration: string;
  identityKey: string | null;
  tables: string[];
  sites: BackedUpSite[];
}

interface Making {
  door: Door;
  tar: TarWriter;
  manifest: Manifest;
  at: string;
}

const numbered = (number: number): string => String(number).padStart(6, "0");
const rowsOf = (lines: Buffer): number => lines.reduce((sum, byte) => sum + Number(byte === 10), 0);

async function add(
  { tar, manifest }: Making,
  part: Omit<Part, "bytes" | "sha256">,
  content: Uint8Array,
): Promise<void> {
  const bytes = part.name.endsWith(".gz") ? await zip(content) : content;
  await tar.add(part.name, bytes);
  manifest.parts.push({ ...part, bytes: bytes.length, sha256: sha256(bytes) });
}

async function addTable(making: Making, table: string): Promise<void> {
  let after: string | null = "0";
  let total = 0;
  for (let number = 1; after !== null; number++) {
    const { bytes, next } = await making.door.ask("GET", `${making.at}/tables/${table}?after=${after}`);
    const rows = rowsOf(bytes);
    total += rows;
    if (rows > 0) {
      const name = `tables/${table}/${numbered(number)}.ndjson.gz`;
      await add(making, { name, kind: "table", table, rows }, bytes);
    }
    after = next;
  }
  making.manifest.tables[table] = total;
}

/** All of a shard; throws where its cut was lost on the way. */
async function addShard(making: Making, place: { site: string; index: number; shard: number }) {
  const { door } = making;
  const { site, index, shard } = place;
  const path = `${making.at}/sites/${site}/shards/${shard}`;
  const cut = jsonOf<ShardCut>(await door.ask("POST", path));
  const days: Record<string, number> = {};
  const base = `shards/${index}-${shard}`;
  const parts = async (kind: "events" | "ids", take: (bytes: Buffer, number: string) => Promise<void>) => {
    let cursor: string | null = "";
    for (let number = 1; cursor !== null; number++) {
      const asked = new URLSearchParams({ token: cut.token, cursor });
      const { bytes, next } = await door.ask("GET", `${path}/${kind}?${asked}`);
      if (bytes.length > 0) await take(bytes, numbered(number));
      cursor = next;
    }
  };
  let events = 0;
  await parts("events", async (bytes, number) => {
    const rows = rowsOf(bytes);
    events += rows;
    addDays(days, daysOf(bytes.toString()));
    await add(making, { name: `${base}/events-${number}.ndjson.gz`, kind: "events", site, shard, rows }, bytes);
  });
  if (events !== cut.events) throw new Error(`shard ${shard} of ${site} gave ${events} events of ${cut.events}`);
  await parts("ids", (bytes, number) =>
    add(making, { name: `${base}/ids-${number}.bin`, kind: "ids", site, shard, rows: bytes.length / 8 }, bytes),
  );
  const memory = Buffer.from(cut.memory);
  await add(making, { name: `${base}/memory.json.gz`, kind: "memory", site, shard, rows: 1 }, memory);
  return { cut: { at: cut.at, events }, days };
}

const isLost = (error: unknown) => error instanceof Refused && error.status === 409;

/** What was written of a shard whose cut was lost is taken back, and it is begun again. */
async function addShardAgain(making: Making, place: Parameters<typeof addShard>[1]) {
  const { tar, manifest } = making;
  const [at, parts] = [tar.at, manifest.parts.length];
  for (let tries = 1; ; tries++) {
    try {
      return await addShard(making, place);
    } catch (error) {
      if (!isLost(error) || tries === TRIES) throw error;
      await tar.back(at);
      manifest.parts.length = parts;
    }
  }
}

async function fill(door: Door, tar: TarWriter, asked: { name: string; key: string | undefined }): Promise<Manifest> {
  const begun = jsonOf<Begun>(await door.ask("POST", "/api/v1/backups", asked));
  const { id, name, beganAt: madeAt, migration, identityKey } = begun;
  const told = {
    format: "edgewise-backup",
    version: BACKUP_VERSION,
    id,
    name,
    madeAt,
    migration,
    identityKey,
  } as const;
  const manifest: Manifest = { ...told, tables: {}, sites: [], parts: [] };
  const making: Making = { door, tar, manifest, at: `/api/v1/backups/${id}` };
  // Roll-ups before the events that they tell of: whatever they say, its events are in the copy.
  for (const table of begun.tables) await addTable(making, table);
  for (const [index, site] of begun.sites.entries()) {
    const backedUp: Manifest["sites"][number] = { ...site, cuts: [], days: {} };
    for (let shard = 0; shard < site.shards; shard++) {
      const { cut, days } = await addShardAgain(making, { site: site.id, index, shard });
      backedUp.cuts.push(cut);
      addDays(backedUp.days, days);
    }
    manifest.sites.push(backedUp);
  }
  const text = Buffer.from(JSON.stringify(manifest));
  await tar.add(MANIFEST, text);
  await tar.add(MANIFEST_SUM, Buffer.from(`${sha256(text)}\n`));
  await tar.end();
  await door.ask("POST", `${making.at}/end`, { events: eventsOf(manifest), checksum: sha256(text) });
  return manifest;
}

export interface BackupMade {
  manifest: Manifest;
  bytes: number;
}

/** Begins again where what was copied does not fit together: sites moved or an import was undone meanwhile. */
export async function makeBackup(
  door: Door,
  path: string,
  { name, key }: { name: string; key: string | undefined },
): Promise<BackupMade> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w", 0o600);
  try {
    for (let tries = 1; ; tries++) {
      try {
        await file.truncate(0);
        const tar = tarWriter(file);
        const manifest = await fill(door, tar, { name, key });
        await rename(partial, path);
        return { manifest, bytes: tar.at };
      } catch (error) {
        if (!isLost(error) || tries === TRIES) throw error;
      }
    }
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Refused) throw new UsageError(error.message);
    throw error;
  } finally {
    await file.close();
  }
}
