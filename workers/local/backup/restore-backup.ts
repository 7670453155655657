// Brings a verified backup back, part by part. Sites come last, so that no beacon is taken before its history is here.
import type { Erased } from "../../domain/backup.ts";
import { Refused } from "../replay/api.ts";
import { UsageError } from "../replay/usage-error.ts";
import { type Door, jsonOf } from "./door.ts";
import type { Part } from "./manifest.ts";
import type { Verified } from "./verify-backup.ts";

const LAST_TABLE = "sites";

export interface RestoreOptions {
  key: string | undefined;
  erased: readonly Erased[];
  force: boolean;
}

export interface Restored {
  events: number;
  /** Events left out since the people were erased. */
  erased: number;
  rows: number;
  /** Whether users are recognised as before. */
  identity: boolean;
}

const ORDER = ["events", "ids", "memory"];

/** Of one shard, as they are to be sent. */
const inOrder = (parts: readonly Part[]): Part[] =>
  parts.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1));

async function restore(door: Door, { manifest, checksum, read }: Verified, options: RestoreOptions): Promise<Restored> {
  const { name, version, madeAt, migration, identityKey } = manifest;
  const { key, erased, force } = options;
  if (identityKey !== null && key === undefined) {
    throw new UsageError(
      "the backup holds the identity key, sealed: set EDGEWISE_BACKUP_KEY to the secret it was made with",
    );
  }
  const identity = identityKey === null ? null : { sealed: identityKey, key };
  const sites = manifest.sites.map(({ cuts: _, days: __, ...site }) => site);
  const asked = { name, version, madeAt, migration, checksum, sites, identity, erased, force };
  const { id } = jsonOf<{ id: string }>(await door.ask("POST", "/api/v1/restores", asked));
  const at = `/api/v1/restores/${id}`;
  const told: Restored = { events: 0, erased: 0, rows: 0, identity: identity !== null };
  const putTable = async (part: Part) => {
    await door.ask("PUT", `${at}/tables/${part.table}`, await read(part));
    told.rows += part.rows;
  };
  const tables = manifest.parts.filter(({ kind }) => kind === "table");
  for (const part of tables) if (part.table !== LAST_TABLE) await putTable(part);
  const ofShards = manifest.parts.filter(({ kind }) => kind !== "table");
  for (const parts of Map.groupBy(ofShards, ({ site, shard }) => `${site}/shards/${shard}`).values()) {
    for (const [index, part] of inOrder(parts).entries()) {
      const path = `${at}/sites/${part.site}/shards/${part.shard}/${part.kind}?number=${index + 1}`;
      const reply = jsonOf<{ events: number; erased: number }>(await door.ask("PUT", path, await read(part)));
      told.events += reply.events;
      told.erased += reply.erased;
    }
  }
  for (const part of tables) if (part.table === LAST_TABLE) await putTable(part);
  await door.ask("POST", `${at}/end`);
  return told;
}

export async function restoreBackup(door: Door, verified: Verified, options: RestoreOptions): Promise<Restored> {
  try {
    return await restore(door, verified, options);
  } catch (error) {
    if (error instanceof Refused) throw new UsageError(error.message);
    throw error;
  }
}
