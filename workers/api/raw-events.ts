// GET /api/v1/sites/:id/events: raw events of a period as a file.
import { Hono } from "hono";
import * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import { periodOf } from "../domain/period.ts";
import { dateRangeSchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { fileResponse } from "../exports/file-response.ts";
import { FORMAT_NAMES, formats } from "../exports/formats/index.ts";
import { RAW_COLUMNS, type RawEventsPorts, rawEvents } from "../exports/raw-events.ts";
import { scanVisitors } from "../store/scan-visitors.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { FILE_TYPES, fileSchema } from "./query-schemas.ts";
import { siteOf } from "./site-of.ts";
import { shardStats } from "./site-stats.ts";

const askedSchema = z.strictObject({
  /** First and last day, in the site's time zone; or moments. */
  from: z.string(),
  to: z.string(),
  format: z.enum(FORMAT_NAMES, `use one of ${FORMAT_NAMES.join(", ")}`).default("ndjson"),
  /** The visitor to begin with: of a download that broke off, the last one that came. */
  start: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "use a visitorId: 16 hexadecimal digits")
    .optional(),
});

function askedOf(c: AppContext, site: Site) {
  const parsed = askedSchema.safeParse(c.req.query());
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  const { from, to, ...rest } = parsed.data;
  const range = dateRangeSchema.safeParse([from, to]);
  if (!range.success) throw invalidField("from", "use two dates such as from=2026-11-01&to=2026-11-21");
  const period = periodOf(range.data, { now: Date.now(), timeZone: site.timeZone });
  if ("problem" in period) throw invalidField("to", period.problem);
  return { ...rest, period, days: `${from} to ${to}` };
}

const portsOf = (env: Env, site: Site): RawEventsPorts => ({
  scan: (request, within) => scanVisitors(env, site, { request, within }),
});

export const rawEventsFile = new Hono<{ Bindings: Env }>().get(
  "/:id/events",
  operation({
    summary: "Download raw events",
    needs: "export",
    query: askedSchema,
    replies: { 200: { files: FILE_TYPES, json: fileSchema } },
    audit: "yes",
  }),
  async (c) => {
    const site = await siteOf(c, "export");
    const { format, period, days, start } = askedOf(c, site);
    recordChange(c, { after: { format, days, ...(start !== undefined && { start }) } });
    const expected = (await shardStats(c.env, site)).reduce((sum, { events }) => sum + events, 0);
    const { timeZone } = site;
    const rows = rawEvents(portsOf(c.env, site), { period, timeZone, expected, ...(start !== undefined && { start }) });
    return fileResponse(formats[format], {
      name: `${site.id} events ${days}`,
      facts: [
        ["Site", site.id],
        ["Period", days],
        ["Time zone", timeZone],
        ["Order", "by visitorId, then time"],
        ["Made", new Date().toISOString()],
      ],
      columns: RAW_COLUMNS,
      rows,
    });
  },
);
