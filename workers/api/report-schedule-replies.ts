// Schedules and deliveries of reports as the API tells of them.
import * as z from "zod";
import {
  REPORT_DELIVERY_STATES,
  type ReportDelivery,
  type ReportRecipient,
  type ReportSchedule,
  reportScheduleSchema,
} from "../domain/report-schedule.ts";
import type { StoredDelivery } from "../store/report-deliveries.ts";
import type { StoredSchedule } from "../store/report-schedules.ts";
import { resourceReply } from "./resource-reply.ts";

export const scheduleReply = reportScheduleSchema
  .extend({ ...resourceReply, nextAt: z.int().nullable() })
  .meta({ id: "ReportSchedule" }) satisfies z.ZodType<ReportSchedule>;

export const scheduleTold = ({ origin: _, ...schedule }: StoredSchedule): ReportSchedule => schedule;

export const reportDeliveryReply = z
  .strictObject({
    id: z.string(),
    scheduleId: z.string(),
    reportId: z.string().nullable(),
    dueAt: z.int(),
    recipient: z.string(),
    state: z.enum(REPORT_DELIVERY_STATES),
    tries: z.int(),
    told: z.string(),
    sentAt: z.int().nullable(),
    openedAt: z.int().nullable(),
    opens: z.int(),
    sections: z.array(z.string()),
    files: z.array(z.strictObject({ name: z.string(), format: z.string(), bytes: z.int(), kept: z.boolean() })),
  })
  .meta({ id: "ReportDelivery" }) satisfies z.ZodType<ReportDelivery>;

/** Channels by the name that they have now. */
function recipientText(recipient: ReportRecipient, channels: ReadonlyMap<string, string>): string {
  switch (recipient.to) {
    case "person":
      return recipient.email;
    case "channel":
      return channels.get(recipient.channelId) ?? "a channel that was removed";
    case "bucket":
      return `folder ${recipient.folder}`;
    case "role":
      return `role ${recipient.role}`;
  }
}

export function deliveryTold(
  {
    id,
    scheduleId,
    dueAt,
    recipient,
    report,
    state,
    tries,
    told,
    sentAt,
    openedAt,
    opens,
    sections,
    files,
  }: StoredDelivery,
  channels: ReadonlyMap<string, string>,
): ReportDelivery {
  return {
    ...{ id, scheduleId, reportId: report.reportId, dueAt, recipient: recipientText(recipient, channels) },
    ...{ state, tries, told, sentAt, openedAt, opens, sections },
    files: files.map(({ name, format, bytes, key }) => ({ name, format, bytes, kept: key !== null })),
  };
}
