// What wakes somebody: a rule, its conditions, and what comes of it. The dashboard takes types alone from here.
import * as z from "zod";
import type { Author } from "./resource.ts";

const metric = z.string().min(1).max(60).meta({ title: "Metric" });
const minutes = z.int().min(1).max(1440).meta({ title: "Minutes looked at" });

const thresholdSchema = z
  .strictObject({
    kind: z.literal("threshold"),
    metric,
    minutes: minutes.default(10),
    is: z.enum(["above", "below"]).default("above").meta({ title: "Is" }),
    value: z.number().meta({ title: "This value" }),
    /** Once it holds it holds until this value is reached; null for the same value. */
    clear: z
      .number()
      .nullable()
      .default(null)
      .meta({ title: "Clears at", description: "The same value when left out." }),
  })
  .refine(({ is, value, clear }) => clear === null || (is === "above" ? clear <= value : clear >= value), {
    path: ["clear"],
    message: "must lie on the well side of value",
  });

const changeSchema = z.strictObject({
  kind: z.literal("change"),
  metric,
  minutes: minutes.default(60),
  /** The time just before, or the same hours a week ago. */
  against: z.enum(["before", "week"]).default("before").meta({ title: "Against" }),
  by: z.enum(["more", "less", "either"]).default("either").meta({ title: "Direction" }),
  percent: z.number().min(1).max(100_000).default(50).meta({ title: "Percent" }),
  /** With less than this before it, nothing is said: small numbers double by chance. */
  least: z.number().min(0).default(20).meta({ title: "Only from this much on" }),
});

const absenceSchema = z.strictObject({ kind: z.literal("absence"), metric, minutes: minutes.default(30) });

const anomalySchema = z.strictObject({
  kind: z.literal("anomaly"),
  metric,
  by: z.enum(["more", "less", "either"]).default("either").meta({ title: "Direction" }),
  sensitivity: z.enum(["low", "medium", "high"]).default("medium").meta({ title: "Sensitivity" }),
});

export const conditionSchema = z.discriminatedUnion("kind", [
  thresholdSchema,
  changeSchema,
  absenceSchema,
  anomalySchema,
]);

export type AlertCondition = z.infer<typeof conditionSchema>;
export type ConditionKind = AlertCondition["kind"];
export type ConditionOf<Kind extends ConditionKind> = Extract<AlertCondition, { kind: Kind }>;

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

export const SEVERITIES = ["info", "warning", "critical"] as const;

export const alertRuleSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  severity: z.enum(SEVERITIES).default("warning"),
  enabled: z.boolean().default(true),
  /** Whether all conditions must hold or any of them. */
  match: z.enum(["all", "any"]).default("all"),
  conditions: z.array(conditionSchema).min(1).max(5),
  /** How long it must hold before somebody is told. */
  forMinutes: z.int().min(0).max(1440).default(0),
  /** How long it must be well again before that is told. */
  recoverMinutes: z.int().min(0).max(1440).default(5),
  /** When it may begin to fire; null for always. */
  schedule: scheduleSchema.nullable().default(null),
  silences: z.array(quietSchema).max(20).default([]),
  /** Ids of the site's channels. */
  channels: z.array(z.string().min(1).max(60)).max(10).default([]),
  /** Id of an escalation policy, whose steps are told beside them; null for none. */
  policy: z.string().min(1).max(60).nullable().default(null),
});

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

/** Of these two the shards keep a strip of minutes; every other metric is known by the hour. */
export const MINUTE_METRICS: readonly string[] = ["pageviews", "events"];

/** How finely the condition's metric must be known. */
export function stepOf(condition: AlertCondition): "minute" | "hour" {
  if (!MINUTE_METRICS.includes(condition.metric) || condition.kind === "anomaly") return "hour";
  return condition.kind === "change" && condition.against === "week" ? "hour" : "minute";
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
