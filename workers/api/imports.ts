// History as a job: batches of lines under one import, which can be repeated, finished and undone as a whole.
import { Hono } from "hono";
import * as z from "zod";
import { type CollectReply, importSchema } from "../domain/beacon.ts";
import { AppError } from "../domain/errors.ts";
import { isReplayImport } from "../domain/quarantine.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { isRefusal } from "../ingest/draft.ts";
import { type ImportFacts, ingestImported } from "../ingest/imported.ts";
import { addFound, type FoundCounts } from "../ingest/pii/masking.ts";
import { removeImportFromArchive } from "../store/archive/archive-site.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { findImport, type Import, listImports, moveImport, openImport } from "../store/imports.ts";
import { destroyImportSecret, identityKey, importSecret } from "../store/secrets.ts";
import { heldWithdrawn, loadWithdrawn } from "../store/withdrawals.ts";
import type { AppContext } from "./access.ts";
import { appendEvents, type Outgoing } from "./append.ts";
import { recordChange } from "./audit-trail.ts";
import { collectReplySchema } from "./collect-operation.ts";
import { importReply, linesSchema } from "./import-schemas.ts";
import { operation } from "./operation.ts";
import { appendOutcome, type Outcome, refusalOutcome, replyOf } from "./outcome.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { readValid } from "./read-json.ts";
import { refuseHeld } from "./refuse-held.ts";
import { siteOf } from "./site-of.ts";

const BODY_BYTES = 4 * 1024 * 1024;
/** Events that one call to a shard carries; keeps a message small and the shard's turn short. */
const APPEND_EVENTS = 500;

type ImportRequest = z.infer<typeof importSchema>;

/** Finished, it would forget what was taken, and take it again. */
function refuseReplay(importId: string): void {
  if (!isReplayImport(importId)) return;
  throw new AppError(
    "conflict",
    `${importId} takes what is replayed from quarantine; it can be undone, and ends by itself`,
  );
}

async function openFor(c: AppContext, site: Site, { import: wanted }: ImportRequest): Promise<Import> {
  refuseReplay(wanted.id);
  const now = Date.now();
  const row = await openImport(c.env.DB, { siteId: site.id, ...wanted, createdAt: now });
  if (row.state !== "open") {
    const remedy = row.state === "undoing" ? "undo it once more to the end" : "undo it or give the new one another id";
    throw new AppError("conflict", `the import ${row.id} is ${row.state}; ${remedy}`);
  }
  if (row.visitors !== wanted.visitors || row.bots !== wanted.bots) {
    throw new AppError(
      "conflict",
      `the import ${row.id} began with visitors=${row.visitors}, bots=${row.bots}; keep them`,
    );
  }
  if (row.createdAt >= now) recordChange(c, { made: row.id, after: wanted });
  return row;
}

async function takeLines(c: AppContext, site: Site, request: ImportRequest): Promise<CollectReply> {
  const { env } = c;
  const row = await openFor(c, site, request);
  const now = Date.now();
  const facts: ImportFacts = {
    now,
    site,
    identityKey: await identityKey(env),
    importId: row.id,
    secret: await importSecret(env, row),
    visitors: row.visitors,
    bots: row.bots,
    withdrawn: heldWithdrawn(site.id, now) ?? (await loadWithdrawn(env.DB, site.id, now)),
  };
  const outcomes: Outcome[] = [];
  const accepted: { index: number; outgoing: Outgoing }[] = [];
  let found: FoundCounts | undefined;
  for (const [index, raw] of request.events.entries()) {
    const result = ingestImported(raw, facts);
    if (isRefusal(result)) outcomes[index] = refusalOutcome(result);
    else {
      accepted.push({ index, outgoing: { event: result.event } });
      if (result.found) found = addFound(found, result.found);
    }
  }
  for (let start = 0; start < accepted.length; start += APPEND_EVENTS) {
    const part = accepted.slice(start, start + APPEND_EVENTS);
    const events = part.map((one) => one.outgoing);
    const counts = start === 0 && found ? { found } : {};
    const statuses = await appendEvents(env, site, { events, importId: row.id, importBegan: row.createdAt, ...counts });
    for (const [i, { index }] of part.entries()) outcomes[index] = appendOutcome(statuses[i]);
  }
  return replyOf(outcomes, (index) => `events.${index}.`);
}

async function importOf(c: AppContext, site: Site): Promise<Import> {
  const id = c.req.param("importId") ?? "";
  const row = await findImport(c.env.DB, site.id, id);
  if (!row) throw new AppError("not_found", `the site has no import ${id}`);
  return row;
}

async function describe(env: Env, site: Site, row: Import) {
  const parts = await inEachEpoch(env, site, async (shard) => shard.importProgress(row.id));
  const events = parts.reduce((sum, part) => sum + part.events, 0);
  const lastLine = Math.max(...parts.map((part) => part.lastLine));
  // Where to go on: lines below it may be missing only if they were on their way when the sender stopped, or refused.
  const nextLine = lastLine < 0 ? null : lastLine + 1;
  const { id, label, state, visitors, bots, createdAt } = row;
  return { id, label, state, visitors, bots, createdAt, events, nextLine };
}

export const imports = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/import",
    operation({
      summary: "List a site's imports",
      needs: "import",
      about: "Newest first.",
      query: pageSchema,
      replies: { 200: z.strictObject({ imports: z.array(importReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "import");
      const newestFirst = {
        key: ({ createdAt, id }: Import) => [-createdAt, id],
        kinds: ["number", "string"],
      } as const;
      const { entries, next } = await pageOfAll(c, await listImports(c.env.DB, site.id), newestFirst);
      return c.json({ imports: await Promise.all(entries.map((row) => describe(c.env, site, row))), next });
    },
  )
  .post(
    "/:id/import",
    operation({
      summary: "Send lines of history",
      needs: "import",
      about: "Each line is checked by itself.",
      body: linesSchema,
      replies: { 200: collectReplySchema },
      errors: ["conflict"],
      audit: { why: "one of many batches; told are the first, which opens the import, its end and its undoing" },
    }),
    async (c) => {
      const site = await siteOf(c, "import");
      return c.json(await takeLines(c, site, await readValid(c.req.raw, importSchema, BODY_BYTES)));
    },
  )
  .get(
    "/:id/import/:importId",
    operation({ summary: "See how far an import is", needs: "import", replies: { 200: importReply } }),
    async (c) => {
      const site = await siteOf(c, "import");
      return c.json(await describe(c.env, site, await importOf(c, site)));
    },
  )
  .post(
    "/:id/import/:importId/finish",
    operation({ summary: "Finish an import", needs: "import", replies: { 200: importReply }, errors: ["conflict"] }),
    async (c) => {
      const site = await siteOf(c, "import");
      const row = await importOf(c, site);
      refuseReplay(row.id);
      const change = { id: row.id, from: ["open", "finished"], to: "finished" } as const;
      if (!(await moveImport(c.env.DB, site.id, change))) {
        throw new AppError("conflict", `the import ${row.id} was undone`);
      }
      await destroyImportSecret(c.env, row);
      await inEachEpoch(c.env, site, async (shard) => shard.finishImport(row.id, row.createdAt));
      const finished = await describe(c.env, site, { ...row, state: "finished" });
      recordChange(c, { before: { state: row.state }, after: { state: "finished", events: finished.events } });
      return c.json(finished);
    },
  )
  .delete(
    "/:id/import/:importId",
    operation({
      summary: "Undo an import",
      needs: "import",
      replies: { 200: z.strictObject({ removed: z.int() }) },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "import");
      refuseHeld(site);
      const row = await importOf(c, site);
      // Closed first, so that no line arrives behind the removal; a crash in between is mended by asking again.
      await moveImport(c.env.DB, site.id, { id: row.id, from: ["open", "finished", "undone"], to: "undoing" });
      await destroyImportSecret(c.env, row);
      const removed = await inEachEpoch(c.env, site, async (shard) => shard.undoImport(row.id, row.createdAt));
      await removeImportFromArchive(c.env, site, { importId: row.id, now: Date.now() });
      await moveImport(c.env.DB, site.id, { id: row.id, from: ["undoing"], to: "undone" });
      const count = removed.reduce((sum, one) => sum + one.removed, 0);
      recordChange(c, { before: { state: row.state }, after: { state: "undone", removed: count } });
      return c.json({ removed: count });
    },
  );
