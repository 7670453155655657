// A backup is brought back by a program, part by part: `npm run restore`. Any part may be sent again.

import { Hono } from "hono";
import * as z from "zod";
import {
  BACKUP_VERSION,
  backedUpSiteSchema,
  backupKeySchema,
  erasedSchema,
  type RestorePart,
} from "../domain/backup.ts";
import { AppError } from "../domain/errors.ts";
import type { SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { restoreShard } from "../store/backed-up-shard.ts";
import { keptTable } from "../store/backup-tables.ts";
import { editorSince, eraseFromTables } from "../store/replay-erasures.ts";
import {
  beginRestore,
  endRestore,
  findOpenRestore,
  findRestore,
  isEmptyDeployment,
  listRestores,
  type Restore,
  sitesOf,
} from "../store/restores.ts";
import { unseal } from "../store/sealed.ts";
import { bringIdentityKey } from "../store/secrets.ts";
import { forgetSite } from "../store/sites.ts";
import { lastMigration, type TableRow, writeTable } from "../store/table-rows.ts";
import { type AppContext, requireOperator } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readText, readValid } from "./read-json.ts";
import { restorableEvents, restorableMemory } from "./restorable-events.ts";

/** A part as a backup has it, with room for characters of more than a byte. */
const PART_BYTES = 32 * 2 ** 20;

const newRestore = z.strictObject({
  version: z.int().min(1),
  name: z.string().min(1).max(200),
  madeAt: z.int().min(0),
  migration: z.string().max(200),
  /** Of the manifest. */
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  sites: z.array(backedUpSiteSchema).max(100_000),
  /** As the backup has it, and the secret under which it was sealed; null where the backup has none. */
  identity: z.strictObject({ sealed: z.string().min(1).max(500), key: backupKeySchema }).nullable(),
  /** Erasures of after the backup that this deployment does not know of: those people's events do not come back. */
  erased: z.array(erasedSchema).max(100_000).default([]),
  /** Into a deployment that is not empty: rows of the same key are replaced. Shards that hold events never are. */
  force: z.boolean().default(false),
});
type NewRestore = z.infer<typeof newRestore>;

const restoreReply = z.strictObject({
  id: z.string(),
  name: z.string(),
  checksum: z.string(),
  madeAt: z.number(),
  beganAt: z.number(),
  endedAt: z.number().nullable(),
});

const told = ({ sites: _, erased: __, ...restore }: Restore) => restore;

const PARTS = ["events", "ids", "memory"] as const;

async function refuseNewer(env: Env, { version, migration }: NewRestore): Promise<void> {
  if (version > BACKUP_VERSION) {
    throw invalidField(
      "version",
      `this deployment reads backups up to version ${BACKUP_VERSION}; deploy a newer one first`,
    );
  }
  const here = await lastMigration(env.DB);
  if (migration > here) {
    throw invalidField(
      "migration",
      `the backup is of ${migration}, this deployment of ${here}; deploy a newer one first`,
    );
  }
}

async function identityOf({ identity }: NewRestore): Promise<string | null> {
  if (!identity) return null;
  try {
    return await unseal(identity.sealed, identity.key);
  } catch {
    throw invalidField("identity.key", "the identity key was sealed under another secret; give the backup's own");
  }
}

async function openRestore(c: AppContext): Promise<Restore> {
  await requireOperator(c);
  const id = c.req.param("restore") ?? "";
  const restore = await findRestore(c.env.DB, id);
  if (restore && restore.endedAt === null) return restore;
  throw new AppError("not_found", `there is no restore ${id} under way`);
}

async function begin(c: AppContext, asked: NewRestore): Promise<Restore> {
  await refuseNewer(c.env, asked);
  const identity = await identityOf(asked);
  const before = await findOpenRestore(c.env.DB, asked.checksum);
  if (!before && !asked.force && !(await isEmptyDeployment(c.env.DB))) {
    throw new AppError("conflict", "this deployment is not empty; restore into a new one, or say force");
  }
  if (identity !== null) await bringIdentityKey(c.env, identity);
  return before ?? beginRestore(c.env.DB, asked, Date.now());
}

/** What of the body is to be brought back, and how many events are left out since they were erased. */
async function readPart(
  c: AppContext,
  restore: Restore,
  siteId: SiteId,
): Promise<{ part: Omit<RestorePart, "restore" | "number">; erased: number }> {
  const kind = c.req.param("part");
  if (kind === "ids") {
    const bytes = await c.req.raw.arrayBuffer();
    if (bytes.byteLength % 8 !== 0) throw new AppError("malformed", "ids have eight bytes each");
    return { part: { words: new Uint32Array(bytes) }, erased: 0 };
  }
  const text = await readText(c.req.raw, PART_BYTES);
  const editor = await editorSince(c.env, restore, siteId);
  if (kind === "memory") return { part: { memory: restorableMemory(text, editor) }, erased: 0 };
  const { events, erased } = restorableEvents(text, editor);
  return { part: { events }, erased };
}

function readRows(text: string): TableRow[] {
  const lines = text.split("\n").filter((line) => line !== "");
  try {
    return lines.map((line) => JSON.parse(line) as TableRow); // columns are checked by name when written
  } catch {
    throw new AppError("malformed", "send a row a line, as JSON");
  }
}

const parts = new Hono<{ Bindings: Env }>()
  .put(
    "/:restore/tables/:table",
    operation({
      summary: "Bring rows of a table back",
      about: "The body is lines of JSON, as the backup has them.",
      needs: "deployment",
      replies: { 200: z.strictObject({ rows: z.int() }) },
      audit: { why: "a step of a restore, whose beginning and end are told" },
      errors: ["not_found", "malformed", "invalid", "too_large"],
    }),
    async (c) => {
      await openRestore(c);
      const table = c.req.param("table");
      if (!keptTable(table)) throw new AppError("not_found", `a backup holds no table ${table}`);
      const rows = readRows(await readText(c.req.raw, PART_BYTES));
      await writeTable(c.env.DB, table, rows);
      return c.json({ rows: rows.length });
    },
  )
  .put(
    "/:restore/sites/:id/shards/:shard/:part",
    operation({
      summary: "Bring a part of a shard back",
      about: "Parts are numbered from 1 a shard, the memory last. The body is as the backup has it.",
      needs: "deployment",
      path: { part: z.enum(PARTS) },
      query: z.object({ number: z.coerce.number().int().min(1) }),
      replies: { 200: z.strictObject({ events: z.int(), erased: z.int() }) },
      audit: { why: "a step of a restore, whose beginning and end are told" },
      errors: ["not_found", "conflict", "malformed", "invalid", "too_large"],
    }),
    async (c) => {
      const restore = await openRestore(c);
      const { id, shard: shardText, part: kind } = c.req.param();
      const site = sitesOf(restore).find((one) => one.id === id);
      const shard = Number(shardText);
      if (
        !site ||
        !(Number.isInteger(shard) && shard >= 0 && shard < site.shards) ||
        !PARTS.some((one) => one === kind)
      ) {
        throw new AppError("not_found", `there is no ${kind} of shard ${shardText} of ${id} in this restore`);
      }
      const number = Number(c.req.query("number"));
      if (!(Number.isInteger(number) && number >= 1)) throw invalidField("number", "use the part's place from 1");
      const { part, erased } = await readPart(c, restore, site.id);
      const reply = await restoreShard(c.env, site, { shard, part: { restore: restore.id, number, ...part } });
      if (reply === "occupied")
        throw new AppError("conflict", `shard ${shard} of ${id} holds events; it is not written over`);
      if (reply === "early") throw new AppError("conflict", "parts before this one are missing; send them first");
      return c.json({ events: part.events?.reduce((sum, { count }) => sum + count, 0) ?? 0, erased });
    },
  );

export const restores = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List restores",
      needs: "deployment",
      query: pageSchema,
      replies: { 200: z.strictObject({ restores: z.array(restoreReply), ...nextSchema }) },
    }),
    async (c) => {
      await requireOperator(c);
      const byAge = { key: ({ beganAt, id }: Restore) => [-beganAt, id], kinds: ["number", "string"] } as const;
      const { entries, next } = await pageOfAll(c, await listRestores(c.env.DB), byAge);
      return c.json({ restores: entries.map(told), next });
    },
  )
  .post(
    "/",
    operation({
      summary: "Begin to restore a backup, or go on with it",
      needs: "deployment",
      body: newRestore,
      replies: { 201: restoreReply },
      errors: ["conflict"],
    }),
    async (c) => {
      await requireOperator(c);
      const restore = await begin(c, await readValid(c.req.raw, newRestore, PART_BYTES));
      recordChange(c, { made: restore.id, after: { madeAt: restore.madeAt, checksum: restore.checksum } });
      return c.json(told(restore), 201);
    },
  )
  .route("/", parts)
  .post(
    "/:restore/end",
    operation({
      summary: "End a restore",
      needs: "deployment",
      replies: { 200: restoreReply },
      errors: ["not_found"],
    }),
    async (c) => {
      const restore = await openRestore(c);
      const endedAt = Date.now();
      for (const { id } of sitesOf(restore)) {
        forgetSite(id);
        await eraseFromTables(c.env, restore, id);
      }
      await endRestore(c.env.DB, restore.id, endedAt);
      return c.json(told({ ...restore, endedAt }));
    },
  );
