// When reports go out, and to whom. Whoever makes a schedule hands figures to people outside, as with a share link.
import { Hono } from "hono";
import * as z from "zod";
import { takesReports } from "../delivery/tell-channel.ts";
import { AppError, type FieldError } from "../domain/errors.ts";
import { type NewReportSchedule, type ReportRecipient, reportScheduleSchema } from "../domain/report-schedule.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { orderOf, recipientsOf } from "../reporting/report-order.ts";
import { cronProblem, nextDue } from "../reports/due-moments.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import { listAlertRules } from "../store/alert-rules.ts";
import { addReportDeliveries } from "../store/report-deliveries.ts";
import {
  addReportSchedule,
  changeReportSchedule,
  findReportSchedule,
  listReportSchedules,
  MOST_SCHEDULES,
  removeReportSchedule,
  type StoredSchedule,
} from "../store/report-schedules.ts";
import { findResource } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, authorsAsking } from "./author.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { scheduleReply, scheduleTold } from "./report-schedule-replies.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const sendSchema = z.strictObject({
  /** Who need not be one of the schedule's; all of them when left out. */
  recipient: reportScheduleSchema.shape.recipients.element.optional(),
});
const sentReply = z.strictObject({ deliveries: z.array(z.string()) });

const RAW_FORMATS: readonly string[] = ["csv", "xlsx", "parquet"];
const unknown = () => new AppError("not_found", "the site has no such report schedule");
const idOf = (c: AppContext): string => c.req.param("scheduleId") ?? "";
/** Addresses are people's: the trail tells how many. */
const told = ({ recipients, ...rest }: NewReportSchedule) => ({ ...rest, recipients: recipients.length });

async function wrongRecipients(c: AppContext, site: Site, recipients: readonly ReportRecipient[]) {
  const channels = new Map((await listAlertChannels(c.env.DB, site.id)).map(({ id, kind }) => [id, kind]));
  return recipients.flatMap((one, place): FieldError[] => {
    const path = `recipients.${place}`;
    if (one.to === "bucket" && !c.env.LAKE) return [{ path, message: "no bucket is bound here: bind LAKE" }];
    if (one.to !== "channel") return [];
    const kind = channels.get(one.channelId);
    if (kind === undefined) return [{ path: `${path}.channelId`, message: "the site has no such channel" }];
    if (takesReports(kind)) return [];
    return [{ path: `${path}.channelId`, message: "the channel takes alerts alone; choose another" }];
  });
}

async function wrongRules(c: AppContext, site: Site, { when }: NewReportSchedule): Promise<FieldError[]> {
  if (when.every === "cron") {
    const problem = cronProblem(when.cron);
    return problem === null ? [] : [{ path: "when.cron", message: problem }];
  }
  if (when.every !== "alert") return [];
  const known = new Set((await listAlertRules(c.env.DB, site.id)).map(({ id }) => id));
  return when.ruleIds.flatMap((id, place) =>
    known.has(id) ? [] : [{ path: `when.ruleIds.${place}`, message: "the site has no such rule" }],
  );
}

async function wrongReport(c: AppContext, site: Site, { reportId, formats }: NewReportSchedule): Promise<FieldError[]> {
  if (reportId === null) {
    const place = formats.findIndex((one) => !RAW_FORMATS.includes(one));
    const message = `raw events come as ${RAW_FORMATS.join(", ")}`;
    return place < 0 ? [] : [{ path: `formats.${place}`, message }];
  }
  const report = await findResource(c.env.DB, { siteId: site.id, kind: "report" }, reportId);
  const isSeen = report?.visibility === "team" || authorsAsking(c).some(({ id }) => id === report?.createdBy.id);
  return isSeen ? [] : [{ path: "reportId", message: "the site has no such report" }];
}

async function readSchedule(c: AppContext, site: Site): Promise<NewReportSchedule> {
  const body = await readValid(c.req.raw, reportScheduleSchema);
  // Raw events are more than what is counted of them.
  if (body.reportId === null) await siteOf(c, "export");
  const errors = [
    ...(await wrongRules(c, site, body)),
    ...(await wrongReport(c, site, body)),
    ...(await wrongRecipients(c, site, body.recipients)),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return { ...body, formats: [...new Set(body.formats)] };
}

function timed(c: AppContext, body: NewReportSchedule, now: number) {
  const nextAt = body.paused ? null : nextDue(body.when, body.timeZone, now);
  return { body, nextAt, origin: new URL(c.req.url).origin, now };
}

async function scheduleAt(c: AppContext, site: Site): Promise<StoredSchedule> {
  const found = await findReportSchedule(c.env.DB, site.id, idOf(c));
  if (!found) throw unknown();
  return found;
}

export const reportSchedules = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/report-schedules",
    operation({
      summary: "List when a site's reports go out, and to whom",
      needs: "define",
      query: pageSchema,
      replies: { 200: z.strictObject({ schedules: z.array(scheduleReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listReportSchedules(c.env.DB, site.id, asked));
      return c.json({ schedules: entries.map(scheduleTold), next });
    },
  )
  .post(
    "/:id/report-schedules",
    operation({
      summary: "Have a report sent by the clock, or when a rule fires",
      needs: "shares",
      about:
        "Days are whole: `7d` are the seven days before the one on which it goes out, `month` on the first is the month that ended. Without a report the period's raw events are sent, which needs `export` too.",
      body: reportScheduleSchema,
      replies: { 201: scheduleReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const body = await readSchedule(c, site);
      const kept = await addReportSchedule(c.env.DB, site.id, { ...timed(c, body, Date.now()), author: authorOf(c) });
      if (!kept) throw new AppError("conflict", `the site has ${MOST_SCHEDULES} schedules; remove some first`);
      recordChange(c, { made: kept.id, after: told(body) });
      return c.json(scheduleTold(kept), 201);
    },
  )
  .get(
    "/:id/report-schedules/:scheduleId",
    operation({ summary: "Read a report schedule", needs: "define", replies: { 200: scheduleReply } }),
    async (c) => c.json(scheduleTold(await scheduleAt(c, await siteOf(c, "define")))),
  )
  .put(
    "/:id/report-schedules/:scheduleId",
    operation({
      summary: "Change a report schedule, or pause it",
      needs: "shares",
      body: reportScheduleSchema,
      replies: { 200: scheduleReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const body = await readSchedule(c, site);
      const [id, version] = [idOf(c), versionAsked(c)];
      const before = await findReportSchedule(c.env.DB, site.id, id);
      const kept = await changeReportSchedule(c.env.DB, site.id, { ...timed(c, body, Date.now()), id, version });
      if (!kept) throw notChanged(await findReportSchedule(c.env.DB, site.id, id), unknown);
      recordChange(c, { before: before && told(reportScheduleSchema.strip().parse(before)), after: told(body) });
      return c.json(scheduleTold(kept));
    },
  )
  .delete(
    "/:id/report-schedules/:scheduleId",
    operation({
      summary: "Remove a report schedule",
      needs: "shares",
      about: "What waits to be sent goes with it; what was sent stays in the history.",
      replies: { 204: null },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const [id, version] = [idOf(c), versionAsked(c)];
      const before = await findReportSchedule(c.env.DB, site.id, id);
      if (!(await removeReportSchedule(c.env.DB, site.id, { id, version }))) {
        throw notChanged(await findReportSchedule(c.env.DB, site.id, id), unknown);
      }
      recordChange(c, { before: before && told(reportScheduleSchema.strip().parse(before)) });
      return c.body(null, 204);
    },
  )
  .post(
    "/:id/report-schedules/:scheduleId/send",
    operation({
      summary: "Send a report now",
      needs: "shares",
      about: "Within a minute, to one recipient or all. Who unsubscribed gets none.",
      body: sendSchema,
      replies: { 202: sentReply },
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const schedule = await scheduleAt(c, site);
      if (schedule.reportId === null) await siteOf(c, "export");
      const { recipient } = await readValid(c.req.raw, sendSchema);
      const errors = recipient ? await wrongRecipients(c, site, [recipient]) : [];
      if (errors.length > 0) throw invalidFields(errors.map((one) => ({ ...one, path: one.path.replace("s.0", "") })));
      const now = Date.now();
      const to = { id: schedule.id, recipients: recipient ? [recipient] : schedule.recipients };
      const deliveries = await addReportDeliveries(c.env.DB, {
        schedule,
        dueAt: now,
        report: orderOf({ ...schedule, origin: new URL(c.req.url).origin }, { onAlert: false, note: "" }),
        recipients: await recipientsOf(c.env, site, to),
        now,
      });
      recordChange(c, { after: { deliveries: deliveries.length } });
      return c.json({ deliveries }, 202);
    },
  );
