// A backup is pulled by a program, part by part: `npm run backup`. What is in it: workers/store/backup-tables.ts.

import { Hono } from "hono";
import * as z from "zod";
import type { ShardCut } from "../domain/backup.ts";
import { backedUpSiteSchema, backupKeySchema, erasedSchema } from "../domain/backup.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { cutShard, eventsOfCut, idsOfCut } from "../store/backed-up-shard.ts";
import { KEPT_TABLES, keptTable } from "../store/backup-tables.ts";
import { type Backup, beginBackup, endBackup, findBackup, listBackups } from "../store/backups.ts";
import { erasedPeople } from "../store/erasures.ts";
import { toldErased } from "../store/restores.ts";
import { seal } from "../store/sealed.ts";
import { identityHex } from "../store/secrets.ts";
import { listSites } from "../store/sites.ts";
import { lastMigration, readTable } from "../store/table-rows.ts";
import { type AppContext, requireOperator } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";

const LINES = "application/x-ndjson";
const BYTES = "application/octet-stream";
/** Where the next part begins; absent with the last. */
const NEXT = "edgewise-next";

const newBackup = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** Under which the identity key is sealed; without it the backup has none, and users are new people after a restore. */
  key: backupKeySchema.optional(),
});

const backupReply = z.strictObject({
  id: z.string(),
  name: z.string(),
  beganAt: z.number(),
  endedAt: z.number().nullable(),
  events: z.number().nullable(),
  checksum: z.string().nullable(),
});

const begunReply = backupReply.extend({
  migration: z.string(),
  identityKey: z.string().nullable(),
  tables: z.array(z.string()),
  sites: z.array(backedUpSiteSchema),
});

const cutReply = z.strictObject({ token: z.string(), at: z.number(), events: z.number(), memory: z.string() });
const cutAsked = z.object({ token: z.string().min(1).max(100), cursor: z.string().max(50).default("") });
const endAsked = z.strictObject({ events: z.int().min(0), checksum: z.string().regex(/^[0-9a-f]{64}$/) });

const told = ({ standing: _, ...backup }: Backup) => backup;

async function openBackup(c: AppContext): Promise<Backup> {
  await requireOperator(c);
  const id = c.req.param("backup") ?? "";
  const backup = await findBackup(c.env.DB, id);
  if (backup && backup.endedAt === null) return backup;
  throw new AppError("not_found", `there is no backup ${id} under way`);
}

/** The shard that the path names; while visitors move there is no one instant to copy. */
async function shardOf(c: AppContext) {
  await openBackup(c);
  const id = c.req.param("id") ?? "";
  const site = (await listSites(c.env.DB)).find((one) => one.id === id);
  const shard = Number(c.req.param("shard"));
  if (!site || !(Number.isInteger(shard) && shard >= 0 && shard < site.shards)) {
    throw new AppError("not_found", `there is no shard ${c.req.param("shard")} of ${id}`);
  }
  return { site, shard };
}

const moving = (id: string) =>
  new AppError("conflict", `visitors of ${id} are moving to more shards; back up when they have`, { retryAfter: 10 });
const lost = () => new AppError("conflict", "the shard has ended since its cut; make another and begin it again");

const partHeaders = (type: string, next: string | number | null): Record<string, string> => ({
  "content-type": type,
  "cache-control": "no-store",
  ...(next !== null && { [NEXT]: String(next) }),
});

const shardDoors = new Hono<{ Bindings: Env }>()
  .post(
    "/",
    operation({
      summary: "Fix what a backup holds of a shard",
      about:
        "All that it has taken by now, which stays readable while the parts are asked for, ten minutes apart at most.",
      needs: "deployment",
      replies: { 200: cutReply },
      errors: ["not_found", "conflict"],
      audit: { why: "a step of a backup, whose beginning and end are told" },
    }),
    async (c) => {
      const { site, shard } = await shardOf(c);
      const cut: ShardCut | null = site.nextShards === null ? await cutShard(c.env, site, shard) : null;
      if (!cut) throw moving(site.id);
      return c.json(cut);
    },
  )
  .get(
    "/events",
    operation({
      summary: "Back up the next events of a shard",
      about: `Lines of import and packed event. The header ${NEXT} is the next cursor; without it that was all.`,
      needs: "deployment",
      query: cutAsked,
      replies: { 200: { files: [LINES] } },
      errors: ["not_found", "conflict"],
    }),
    async (c) => {
      const { site, shard } = await shardOf(c);
      const part = await eventsOfCut(c.env, site, { shard, ...readQuery(c, cutAsked) });
      if (!part) throw lost();
      return c.body(part.lines, 200, partHeaders(LINES, part.next));
    },
  )
  .get(
    "/ids",
    operation({
      summary: "Back up the ids that a shard has seen",
      about:
        "Hashes of eight bytes, by which a repeat is known. Asked for after the events; the last part ends the cut.",
      needs: "deployment",
      query: cutAsked,
      replies: { 200: { files: [BYTES] } },
      errors: ["not_found", "conflict"],
    }),
    async (c) => {
      const { site, shard } = await shardOf(c);
      const part = await idsOfCut(c.env, site, { shard, ...readQuery(c, cutAsked) });
      if (!part) throw lost();
      return c.body(new Uint8Array(part.words.slice().buffer), 200, partHeaders(BYTES, part.next));
    },
  );

export const backups = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List backups that were made",
      needs: "deployment",
      query: pageSchema,
      replies: { 200: z.strictObject({ backups: z.array(backupReply), ...nextSchema }) },
    }),
    async (c) => {
      await requireOperator(c);
      const byAge = { key: ({ beganAt, id }: Backup) => [-beganAt, id], kinds: ["number", "string"] } as const;
      const { entries, next } = await pageOfAll(c, await listBackups(c.env.DB), byAge);
      return c.json({ backups: entries.map(told), next });
    },
  )
  .post(
    "/",
    operation({
      summary: "Begin a backup",
      needs: "deployment",
      body: newBackup,
      replies: { 201: begunReply },
      errors: ["conflict"],
    }),
    async (c) => {
      await requireOperator(c);
      const { name, key } = await readValid(c.req.raw, newBackup);
      const sites = await listSites(c.env.DB);
      const onTheMove = sites.find(({ nextShards }) => nextShards !== null);
      if (onTheMove) throw moving(onTheMove.id);
      const backup = await beginBackup(c.env.DB, { name, now: Date.now() });
      recordChange(c, { made: backup.id, after: { name } });
      return c.json(
        {
          ...told(backup),
          migration: await lastMigration(c.env.DB),
          identityKey: key === undefined ? null : await seal(await identityHex(c.env), key),
          tables: [...KEPT_TABLES],
          sites: sites.map(({ id, timeZone, jurisdiction, shards }) => ({ id, timeZone, jurisdiction, shards })),
        },
        201,
      );
    },
  )
  .get(
    "/:backup/tables/:table",
    operation({
      summary: "Back up the next rows of a table",
      about: `A row a line. The header ${NEXT} says after which row the next part begins; without it that was all.`,
      needs: "deployment",
      query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
      replies: { 200: { files: [LINES] } },
      errors: ["not_found"],
    }),
    async (c) => {
      await openBackup(c);
      const table = c.req.param("table");
      if (!keptTable(table)) throw new AppError("not_found", `a backup holds no table ${table}`);
      const after = Number(c.req.query("after") ?? 0);
      if (!Number.isInteger(after)) throw invalidField("after", "use the number of a row");
      const { rows, next } = await readTable(c.env.DB, table, after);
      return c.body(rows.map((row) => `${JSON.stringify(row)}\n`).join(""), 200, partHeaders(LINES, next));
    },
  )
  .get(
    "/erased",
    operation({
      summary: "List who was erased, for a restore elsewhere",
      needs: "deployment",
      about:
        "Keyed hashes, which tell nothing by themselves: `npm run restore -- FILE --erased LIST`. Those that a restore here was told of are in it as they were told.",
      replies: { 200: z.array(erasedSchema).meta({ id: "Erased" }) },
    }),
    async (c) => {
      await requireOperator(c);
      return c.json([...(await erasedPeople(c.env.DB)), ...(await toldErased(c.env.DB))]);
    },
  )
  .route("/:backup/sites/:id/shards/:shard", shardDoors)
  .post(
    "/:backup/end",
    operation({
      summary: "End a backup",
      about: "Refused where sites moved or an import was undone meanwhile, since its parts then do not fit together.",
      needs: "deployment",
      body: endAsked,
      replies: { 200: backupReply },
      errors: ["not_found", "conflict"],
    }),
    async (c) => {
      const backup = await openBackup(c);
      const end = await readValid(c.req.raw, endAsked);
      const ended = await endBackup(c.env.DB, backup, { ...end, now: Date.now() });
      if (!ended) throw new AppError("conflict", "sites moved or an import was undone while it was made; begin again");
      return c.json(told(ended));
    },
  );
