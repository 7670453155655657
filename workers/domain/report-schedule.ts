// When a report goes out, in which form, and to whom.
import * as z from "zod";
import { clock } from "./alert.ts";
import { dateRangeSchema } from "./query.ts";
import { REPORT_FORMATS } from "./report.ts";
import { type Resource, resourceName } from "./resource.ts";
import { timeZoneSchema } from "./site.ts";

const whenSchema = z.discriminatedUnion("every", [
  z.strictObject({ every: z.literal("day"), at: clock.default("08:00") }),
  /** 1 is Monday. */
  z.strictObject({ every: z.literal("week"), weekday: z.int().min(1).max(7).default(1), at: clock.default("08:00") }),
  /** A day that a month lacks is its last. */
  z.strictObject({ every: z.literal("month"), day: z.int().min(1).max(31).default(1), at: clock.default("08:00") }),
  /** Five fields, at most once an hour. */
  z.strictObject({ every: z.literal("cron"), cron: z.string().trim().min(9).max(100) }),
  /** When one of these rules fires. */
  z.strictObject({ every: z.literal("alert"), ruleIds: z.array(z.string().min(1).max(60)).min(1).max(20) }),
]);

/** `person`: an e-mail address · `role`: all members who have it · `channel`: one of the site's channels · `bucket`: files in R2, under a folder. */
const recipientSchema = z.discriminatedUnion("to", [
  z.strictObject({ to: z.literal("person"), email: z.email().max(200) }),
  z.strictObject({ to: z.literal("role"), role: z.enum(["owner", "admin", "analyst", "viewer"]) }),
  z.strictObject({ to: z.literal("channel"), channelId: z.string().min(1).max(60) }),
  z.strictObject({
    to: z.literal("bucket"),
    folder: z.string().regex(/^[a-z0-9][a-z0-9/_-]{0,80}$/, "use small letters, digits, / _ and -"),
  }),
]);

export const reportScheduleSchema = z.strictObject({
  name: resourceName,
  /** Null for raw events of the period, as a file. */
  reportId: z.string().min(1).max(60).nullable(),
  when: whenSchema,
  timeZone: timeZoneSchema,
  /** Null for the report's own. */
  period: dateRangeSchema.nullable().default(null),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1).max(REPORT_FORMATS.length).default(["html"]),
  recipients: z.array(recipientSchema).min(1, "name a recipient").max(100),
  paused: z.boolean().default(false),
});

export type NewReportSchedule = z.infer<typeof reportScheduleSchema>;
export type NewReportScheduleInput = z.input<typeof reportScheduleSchema>;
export type ReportWhen = NewReportSchedule["when"];
export type ReportRecipient = NewReportSchedule["recipients"][number];
export interface ReportSchedule extends NewReportSchedule, Resource {
  /** Milliseconds; null while it is paused, or waits for a rule. */
  nextAt: number | null;
}

export const REPORT_DELIVERY_STATES = ["due", "sent", "failed", "unsubscribed"] as const;

/** One report to one recipient, once per period. */
export interface ReportDelivery {
  id: string;
  scheduleId: string;
  reportId: string | null;
  /** The moment it was due, milliseconds. */
  dueAt: number;
  recipient: string;
  state: (typeof REPORT_DELIVERY_STATES)[number];
  tries: number;
  /** What was answered the last time. */
  told: string;
  sentAt: number | null;
  /** When a link in it was first followed, and how often. */
  openedAt: number | null;
  opens: number;
  /** Ids of the sections whose links were followed. */
  sections: string[];
  /** `kept`: whether it can be had again. */
  files: { name: string; format: string; bytes: number; kept: boolean }[];
}
