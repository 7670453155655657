// What wakes somebody: a rule, and what comes of it. The dashboard takes types alone from here.
import * as z from "zod";
import { conditionSchema } from "./alert-condition.ts";
import { filterSchema } from "./query.ts";
import type { Author } from "./resource.ts";

export const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "use a time of day such as 08:30");

/** Local time of the site; `to` before `from` goes over midnight. */
const scheduleSchema = z.strictObject({
  /** 1 is Monday. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  from: clock,
  to: clock,
});

/** Milliseconds; within it nothing begins to fire. */
export const quietSchema = z
  .strictObject({ from: z.int().min(0), until: z.int().min(0), why: z.string().trim().max(200).default("") })
  .refine(({ from, until }) => from < until, { path: ["until"], message: "must be after from" });

/** `segment` stands for the site's segments, the others for their values. */
export const SPLIT_DIMENSIONS = [
  "segment",
  "visit:country",
  "visit:region",
  "visit:city",
  "visit:source",
  "visit:channel",
  "visit:utm_source",
  "visit:utm_medium",
  "visit:utm_campaign",
  "visit:device",
  "visit:browser",
  "visit:os",
  "visit:language",
  "visit:entry_page",
  "event:page",
  "event:name",
  "event:hostname",
] as const;

const splitSchema = z.strictObject({
  dimension: z.enum(SPLIT_DIMENSIONS),
  top: z.int().min(1).max(25).default(10),
});

export const SEVERITIES = ["info", "warning", "critical"] as const;

export const alertRuleSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  severity: z.enum(SEVERITIES).default("warning"),
  enabled: z.boolean().default(true),
  /** Whether all conditions must hold or any of them. */
  match: z.enum(["all", "any"]).default("all"),
  conditions: z.array(conditionSchema).min(1).max(5),
  /** Only what passes them is looked at. */
  filters: z.array(filterSchema).max(10).default([]),
  /** Each value of the dimension is judged by itself, with incidents of its own: the `top` ones, by the first condition's metric. */
  split: splitSchema.nullable().default(null),
  /** How long it must hold before somebody is told. */
  forMinutes: z.int().min(0).max(1440).default(0),
  /** How long it must be well again before that is told. */
  recoverMinutes: z.int().min(0).max(1440).default(5),
  /** When it may begin to fire; null for always. */
  schedule: scheduleSchema.nullable().default(null),
  silences: z.array(quietSchema).max(20).default([]),
  /** Ids of rules: while one of them fires this one does not begin to. */
  dependsOn: z.array(z.string().min(1).max(60)).max(10).default([]),
  /** Ids of the site's channels. */
  channels: z.array(z.string().min(1).max(60)).max(10).default([]),
  /** Id of an escalation policy, whose steps are told beside them; null for none. */
  policy: z.string().min(1).max(60).nullable().default(null),
});

/** What rules from before these fields were there have in them. */
export const FIELDS_SINCE = { filters: [], split: null, dependsOn: [], policy: null } as const;

/** A rule as it is sent: what it leaves out is filled in. */
export type AlertTemplate = z.input<typeof alertRuleSchema>;
export type NewAlertRule = z.infer<typeof alertRuleSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
export type Quiet = z.infer<typeof quietSchema>;
export type Severity = NewAlertRule["severity"];

export interface AlertRule extends NewAlertRule {
  id: string;
  version: number;
  /** Milliseconds. */
  createdAt: number;
}

export const INCIDENT_STATES = ["firing", "acknowledged", "resolved"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export interface Incident {
  /** The rule's id and the minute in which it first fired. */
  id: string;
  ruleId: string;
  /** As the rule was called and rated when it fired. */
  name: string;
  severity: Severity;
  state: IncidentState;
  /** How often it fired: 1, more when it was reopened. */
  turn: number;
  openedAt: number;
  /** When it came into its state. */
  changedAt: number;
  value: number | null;
  expected: number | null;
  reason: string;
  /** Who looks after it. */
  assignee: Author | null;
  /** Id of the incident that it is told with, and not by itself. */
  group: string | null;
}

/** Besides its states: what was said and done. `ungrouped`: told by itself from then on. */
export const ENTRY_KINDS = [...INCIDENT_STATES, "note", "escalated", "assigned", "severity", "ungrouped"] as const;

/** Something that happened to an incident. */
export interface IncidentEntry {
  /** Unique within the incident; what is told again has the same. */
  key: string;
  at: number;
  kind: (typeof ENTRY_KINDS)[number];
  /** Who did it; empty where the rule did. */
  by: string;
  text: string;
  /** Where it fired: the metric then. Where it was resolved: the furthest that it went meanwhile. */
  value: number | null;
}

/** What a channel is to say. */
export interface AlertMessage {
  /** The same whenever the same is told again. */
  key: string;
  kind: IncidentState | "test";
  site: { id: string; name: string };
  incident: Incident;
  /** Milliseconds. */
  at: number;
  /** The page of the dashboard; empty where its address is not known. */
  link: string;
}
