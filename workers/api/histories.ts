// What other tools counted before: looked at, imported, listed, removed; each file is a history of its own.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { History } from "../domain/history.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import type { ReadHistory } from "../history/content.ts";
import { MOST_BYTES, readExport } from "../history/read-export.ts";
import { findHistory, listHistories, removeHistory, writeHistory } from "../store/histories.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { historyPreview, historyReply } from "./history-schemas.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readBytes } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { refuseHeld } from "./refuse-held.ts";
import { siteOf } from "./site-of.ts";

const FILES = ["application/zip", "text/csv", "application/json", "application/octet-stream"];

/** As the file is called; of Plausible's single files it says what they hold. */
const nameSchema = z.object({ name: z.string().min(1).max(200).default("export") });

async function readBody(c: AppContext): Promise<{ name: string; bytes: Uint8Array; read: ReadHistory }> {
  const { name } = readQuery(c, nameSchema);
  const body = await readBytes(c.req.raw, MOST_BYTES);
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(body);
  const read = readExport(bytes, { name, now: Date.now() });
  if ("errors" in read) throw invalidFields(read.errors);
  return { name, bytes, read };
}

async function idOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function importFile(c: AppContext, site: Site): Promise<History> {
  const { name, bytes, read } = await readBody(c);
  const id = await idOf(bytes);
  const made = { id, name, createdAt: Date.now(), ...read.content };
  const isNew = await writeHistory(c.env.DB, site.id, made, read.days());
  const history = await findHistory(c.env.DB, site.id, id);
  if (!history) throw new AppError("conflict", "the history was removed while it was imported; import it again");
  const { tool, from, to } = history;
  recordChange(c, { made: id, ...(isNew && { after: { tool, name, from, to } }) });
  return history;
}

const NEWEST_FIRST = {
  key: ({ createdAt, id }: History) => [-createdAt, id],
  kinds: ["number", "string"],
} as const;

export async function historyOf(c: AppContext, site: Site, id: string): Promise<History> {
  const history = await findHistory(c.env.DB, site.id, id);
  if (!history) throw new AppError("not_found", `the site has no history ${id}`);
  return history;
}

export const histories = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/history",
    operation({
      summary: "List imported history",
      needs: "query",
      about: "Of other tools, newest first.",
      query: pageSchema,
      replies: { 200: z.strictObject({ histories: z.array(historyReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOfAll(c, await listHistories(c.env.DB, site.id), NEWEST_FIRST);
      return c.json({ histories: entries, next });
    },
  )
  .post(
    "/:id/history/preview",
    operation({
      summary: "Look into another tool's export",
      needs: "import",
      about: "Says what would be imported, and what would not.",
      query: nameSchema,
      file: FILES,
      replies: { 200: historyPreview },
      audit: { why: "says what is in a file and keeps nothing of it" },
    }),
    async (c) => {
      await siteOf(c, "import");
      return c.json((await readBody(c)).read.content);
    },
  )
  .post(
    "/:id/history",
    operation({
      summary: "Import another tool's history",
      needs: "import",
      about: "Of Plausible (zip or CSV) or Google Analytics 4 (CSV or JSON). The same file again is the same history.",
      query: nameSchema,
      file: FILES,
      replies: { 200: historyReply },
      errors: ["conflict"],
    }),
    async (c) => c.json(await importFile(c, await siteOf(c, "import"))),
  )
  .delete(
    "/:id/history/:historyId",
    operation({ summary: "Remove imported history", needs: "import", replies: { 204: null }, errors: ["conflict"] }),
    async (c) => {
      const site = await siteOf(c, "import");
      refuseHeld(site);
      const { id, tool, name, from, to } = await historyOf(c, site, c.req.param("historyId"));
      await removeHistory(c.env.DB, site.id, id);
      recordChange(c, { before: { tool, name, from, to } });
      return c.body(null, 204);
    },
  );
