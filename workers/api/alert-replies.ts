// Alerts as the API tells of them.
import * as z from "zod";
import {
  type AlertRule,
  alertRuleSchema,
  ENTRY_KINDS,
  INCIDENT_STATES,
  type Incident,
  type IncidentEntry,
  SEVERITIES,
} from "../domain/alert.ts";
import { authorReply } from "./resource-reply.ts";

export const alertRuleReply = alertRuleSchema
  .extend({ id: z.string(), version: z.int(), createdAt: z.int() })
  .meta({ id: "AlertRule" }) satisfies z.ZodType<AlertRule>;

export const incidentReply = z
  .strictObject({
    id: z.string(),
    ruleId: z.string(),
    name: z.string(),
    severity: z.enum(SEVERITIES),
    state: z.enum(INCIDENT_STATES),
    turn: z.int(),
    openedAt: z.int(),
    changedAt: z.int(),
    value: z.number().nullable(),
    expected: z.number().nullable(),
    reason: z.string(),
    assignee: authorReply,
    group: z.string().nullable(),
  })
  .meta({ id: "Incident" }) satisfies z.ZodType<Incident>;

export const entryReply = z
  .strictObject({
    key: z.string(),
    at: z.int(),
    kind: z.enum(ENTRY_KINDS),
    by: z.string(),
    text: z.string(),
    value: z.number().nullable(),
  })
  .meta({ id: "IncidentEntry" }) satisfies z.ZodType<IncidentEntry>;

export const channelReply = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    label: z.string(),
    off: z.string(),
    createdAt: z.int(),
    /** Whether a schedule of reports may name it; others take alerts alone. */
    takesReports: z.boolean(),
  })
  .meta({ id: "AlertChannel" });

const noticeState = z.enum(["due", "sent", "shown", "failed"]);

export const deliveryReply = z
  .strictObject({
    id: z.string(),
    incidentId: z.string(),
    channelId: z.string(),
    kind: z.string(),
    /** The incident's name. */
    name: z.string(),
    reason: z.string(),
    state: noticeState,
    tries: z.int(),
    nextAt: z.int(),
    createdAt: z.int(),
    told: z.string(),
    /** The last tries, oldest first. */
    attempts: z.array(z.strictObject({ at: z.int(), state: noticeState, told: z.string() })),
  })
  .meta({ id: "AlertDelivery" });

/** Who was told what of an incident, and when. */
export const toldReply = z
  .strictObject({
    /** As the channel is called now. */
    channel: z.string(),
    kind: z.string(),
    state: z.enum(["due", "sent", "shown", "failed"]),
    at: z.int(),
    answer: z.string(),
  })
  .meta({ id: "AlertTold" });

export const backTestReply = z.strictObject({
  /** What could be looked at, milliseconds: 90 days by the hour, or the two days that are kept by the minute. */
  from: z.int(),
  until: z.int(),
  woken: z.array(
    z.strictObject({
      at: z.int(),
      resolvedAt: z.int().nullable(),
      value: z.number().nullable(),
      reason: z.string(),
      name: z.string(),
    }),
  ),
  /** What its first condition looked at, from `start` on, every `step` milliseconds; of a split the value that fired most. */
  series: z
    .strictObject({
      label: z.string(),
      /** The value of a split that it is of. */
      part: z.string().nullable(),
      start: z.int(),
      step: z.int(),
      values: z.array(z.number().nullable()),
      /** The value that it is held against; null where that moves. */
      bound: z.number().nullable(),
    })
    .nullable(),
});
