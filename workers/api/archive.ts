// A site's archive: its days, and bringing them back.

import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { type ArchiveDay, listArchiveDays } from "../store/archive/archive-days.ts";
import { DamagedArchive } from "../store/archive/lake.ts";
import { archivedDates, restoreDay, verifyDay } from "../store/archive/restore-day.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { archiveDayReply } from "./retention-replies.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;
/** A longer restore is several calls. */
const MOST_DAYS = 31;

const date = z.iso.date("use a date such as 2026-11-21");
const spanSchema = z.strictObject({
  /** First and last UTC date. */
  from: date,
  to: date,
  /** Checks the files and brings nothing back. */
  verifyOnly: z.boolean().default(false),
  /** Days until they may be archived again. */
  days: z.int().min(1).max(3650).default(30),
});

const restoredReply = z.strictObject({ dates: z.array(z.string()), events: z.int() }).meta({ id: "Restored" });

/** What is wrong with the files is for who asked to know. */
async function told<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof DamagedArchive ? new AppError("conflict", error.message) : error;
  });
}

const dayOf = ({ siteId: _, ...day }: ArchiveDay) => day;

export const archive = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/archive",
    operation({
      summary: "List the days of a site's archive",
      needs: "settings",
      about: "Without a bucket the list is empty and `bound` is false.",
      query: pageSchema,
      replies: { 200: z.strictObject({ bound: z.boolean(), days: z.array(archiveDayReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const byDate = { key: (day: ArchiveDay) => [day.date], kinds: ["string"] } as const;
      const { entries, next } = await pageOfAll(c, await listArchiveDays(c.env.DB, site.id), byDate);
      return c.json({ bound: c.env.LAKE !== undefined, days: entries.map(dayOf), next });
    },
  )
  .post(
    "/:id/archive/restore",
    operation({
      summary: "Bring archived days back",
      needs: "settings",
      about:
        "Every file is checked against its checksum first. On a new deployment with the same bucket, this is how a site's history comes back.",
      body: spanSchema,
      replies: { 200: restoredReply },
      errors: ["conflict", "unavailable"],
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { from, to, days, verifyOnly } = await readValid(c.req.raw, spanSchema);
      if (to < from) throw invalidField("to", "must not be before from");
      const dates = await archivedDates(c.env, site, { from, to });
      if (dates.length > MOST_DAYS) throw invalidField("to", `${MOST_DAYS} archived days or fewer at a time`);
      const now = Date.now();
      let events = 0;
      for (const date of dates) {
        const until = now + days * DAY_MS;
        if (verifyOnly) events += (await told(verifyDay(c.env.LAKE!, site.id, date))).events;
        else events += await told(restoreDay(c.env, site, { date, now, until }));
      }
      recordChange(c, { after: { from, to, verifyOnly, events } });
      return c.json({ dates, events });
    },
  );
