// What a site's users may ask for: what is held of them, and that it is erased. Each request leaves a record that names nobody.
import { Hono } from "hono";
import * as z from "zod";
import { AppError, fieldErrors } from "../domain/errors.ts";
import { holdOf } from "../domain/retention.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { fileResponse } from "../exports/file-response.ts";
import { FORMAT_NAMES, formats } from "../exports/formats/index.ts";
import { RAW_COLUMNS } from "../exports/raw-events.ts";
import { driveErasures } from "../store/drive-erasures.ts";
import { type Erasure, findErasure, listErasures } from "../store/erasures.ts";
import { identityKey } from "../store/secrets.ts";
import { createSeal } from "../store/subjects/seal-ids.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf } from "./author.ts";
import { later } from "./later.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { FILE_TYPES, fileSchema } from "./query-schemas.ts";
import { readJson, readText, readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { type ErasureRequest, idsOf, recordAccess, requestErasure } from "./request-erasure.ts";
import { siteOf } from "./site-of.ts";
import { theirEvents } from "./their-events.ts";

/** So long the answer waits for a small erasure to be done; a large one goes on behind it. */
const WAIT_MS = 8_000;
const BODY_BYTES = 64 * 1024;

const reason = z.string().trim().min(1).max(500).default("request");
const moreSchema = z.strictObject({
  /** Texts that name the person as whole values or words: e-mail addresses, customer numbers. They are not kept. */
  names: z.array(z.string().trim().min(3, "give a name of 3 characters or more").max(500)).max(50).default([]),
  reason,
  /** When it must be done; a month from now when left out. */
  due: z.iso.date("use a date such as 2026-12-21").optional(),
});
const erasureSchema = moreSchema
  .extend({
    /** As the site sends it. */
    userId: z.string().min(1).max(500).optional(),
    /** A browser, by the id that its tracker sends. */
    persistentId: z.string().min(1).max(500).optional(),
  })
  .refine(({ userId, persistentId }) => userId !== undefined || persistentId !== undefined, {
    path: ["userId"],
    message: "name the user by userId, or a browser by persistentId",
  });

const erasureReply = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["erasure", "access"]),
    /** Eight digits that are the same for the same person, and tell nothing else of them. */
    subject: z.string(),
    reason: z.string(),
    requestedBy: z.string(),
    requestedAt: z.int(),
    dueAt: z.int(),
    state: z.enum(["requested", "found", "done"]),
    doneAt: z.int().nullable(),
    /** Why it has not begun; null otherwise. */
    waits: z.string().nullable(),
    /** What each store said; those that are missing are still to come. */
    receipt: z.array(
      z.strictObject({ store: z.string(), removed: z.record(z.string(), z.int()), note: z.string(), at: z.int() }),
    ),
  })
  .meta({ id: "Erasure" });

const HELD = "the site is under a legal hold: nothing is erased until it is lifted";

async function shown(env: Env, site: Site, row: Erasure): Promise<z.infer<typeof erasureReply>> {
  const { id, kind, requestedBy, requestedAt, dueAt, state, doneAt, siteId } = row;
  const seal = createSeal({ identityKey: await identityKey(env), siteId });
  const mayGoOn = state === "done" || row.removed.some(({ store }) => store === "archive");
  const isHeld = !mayGoOn && holdOf(site.retention, Date.now()) !== null;
  const whom = row.userId || (row.persistentIds[0] ?? "");
  const subject = (state === "done" ? whom : seal(whom)).slice(0, 8);
  return {
    id,
    kind,
    subject,
    reason: row.reason,
    requestedBy,
    requestedAt,
    dueAt,
    state,
    doneAt,
    waits: isHeld ? HELD : null,
    receipt: row.removed,
  };
}

/** Takes the request and drives it while the answer may wait; behind it, it goes on. */
async function erase(c: AppContext, site: Site, request: Omit<ErasureRequest, "requestedBy">) {
  const row = await requestErasure(c.env, site, { ...request, requestedBy: authorOf(c).name });
  recordChange(c, { made: row.id, after: { kind: row.kind } });
  const driving = driveErasures(c.env, site.id, Date.now() + WAIT_MS);
  later(c, driving);
  await driving.catch(() => undefined);
  return shown(c.env, site, (await findErasure(c.env.DB, row)) ?? row);
}

const dueOf = (due: string | undefined) => ({ dueAt: due === undefined ? undefined : Date.parse(`${due}T23:59:59Z`) });

async function readMore(c: AppContext): Promise<z.infer<typeof moreSchema>> {
  const text = await readText(c.req.raw.clone(), BODY_BYTES);
  const parsed = moreSchema.safeParse(text === "" ? {} : await readJson(c.req.raw, BODY_BYTES));
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  return parsed.data;
}

const accessSchema = z.strictObject({
  format: z.enum(FORMAT_NAMES, `use one of ${FORMAT_NAMES.join(", ")}`).default("ndjson"),
  reason,
});

export const privacy = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/users/:userId",
    operation({
      summary: "Download what is held of a user",
      needs: "privacy",
      about:
        "Their events, and those of browsers and visitors that were theirs alone: archived ones and refused ones too.",
      query: accessSchema,
      replies: { 200: { files: FILE_TYPES, json: fileSchema } },
    }),
    async (c) => {
      const site = await siteOf(c, "privacy");
      const asked = readQuery(c, accessSchema);
      const whom = { userId: c.req.param("userId") };
      await recordAccess(c.env, site, { ...whom, reason: asked.reason, requestedBy: authorOf(c).name });
      recordChange(c, { after: { kind: "access", format: asked.format } });
      return fileResponse(formats[asked.format], {
        name: `${site.id} user`,
        facts: [
          ["Site", site.id],
          ["Time zone", site.timeZone],
          ["Order", "by visitorId, then time; last what the tracking plan refused"],
          ["Made", new Date().toISOString()],
        ],
        columns: RAW_COLUMNS,
        rows: theirEvents(c.env, site, await idsOf(c.env, site, whom)),
      });
    },
  )
  .delete(
    "/:id/users/:userId",
    operation({
      summary: "Erase a user",
      needs: "privacy",
      about: "A small site's is done when this answers; a large one's goes on, and the request says how far it is.",
      body: moreSchema,
      replies: { 202: erasureReply },
    }),
    async (c) => {
      const site = await siteOf(c, "privacy");
      const { due, ...more } = await readMore(c);
      return c.json(await erase(c, site, { userId: c.req.param("userId"), ...more, ...dueOf(due) }), 202);
    },
  )
  .get(
    "/:id/erasures",
    operation({
      summary: "List requests about users",
      about: "Newest first.",
      needs: "privacy",
      query: pageSchema,
      replies: { 200: z.strictObject({ erasures: z.array(erasureReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "privacy");
      const { entries, next } = await pageOfAll(c, await listErasures(c.env.DB, site.id), {
        key: ({ requestedAt, id }) => [-requestedAt, id],
        kinds: ["number", "string"],
      });
      return c.json({ erasures: await Promise.all(entries.map((row) => shown(c.env, site, row))), next });
    },
  )
  .post(
    "/:id/erasures",
    operation({
      summary: "Erase a user or a browser",
      needs: "privacy",
      about: "The same as DELETE of the user, with the id where no log of addresses shows it.",
      body: erasureSchema,
      replies: { 202: erasureReply },
    }),
    async (c) => {
      const site = await siteOf(c, "privacy");
      const { due, ...request } = await readValid(c.req.raw, erasureSchema, BODY_BYTES);
      return c.json(await erase(c, site, { ...request, ...dueOf(due) }), 202);
    },
  )
  .get(
    "/:id/erasures/:erasureId",
    operation({ summary: "Read a request about a user", needs: "privacy", replies: { 200: erasureReply } }),
    async (c) => {
      const site = await siteOf(c, "privacy");
      const row = await findErasure(c.env.DB, { siteId: site.id, id: c.req.param("erasureId") });
      if (!row) throw new AppError("not_found", "the site has no such request");
      // Whoever looks how far it is helps it on.
      if (row.state !== "done") later(c, driveErasures(c.env, site.id, Date.now() + WAIT_MS));
      return c.json(await shown(c.env, site, row));
    },
  );
