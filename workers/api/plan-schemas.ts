// What is told of tracking plans and of events that do not fit them, as schemas.
import * as z from "zod";
import type { PlanChange } from "../domain/plan-diff.ts";
import { trackingPlanSchema } from "../domain/plan-schema.ts";
import {
  PLAN_MODES,
  type PlanVersion,
  VIOLATION_RULES,
  type Violation,
  type ViolationRule,
  type ViolationTotal,
} from "../domain/tracking-plan.ts";
import type { NamingHint } from "../quality/naming-lint.ts";
import type { PlanCoverage } from "../quality/plan-coverage.ts";

export const planSchema = trackingPlanSchema.meta({ id: "TrackingPlan" });

export const planReply = z
  .strictObject({ version: z.int(), at: z.int(), author: z.string(), plan: planSchema })
  .meta({ id: "TrackingPlanVersion" }) satisfies z.ZodType<PlanVersion>;

export const changeReply = z
  .strictObject({ event: z.string(), property: z.string(), what: z.string(), breaking: z.boolean() })
  .meta({ id: "PlanChange" }) satisfies z.ZodType<PlanChange>;

export const hintReply = z
  .strictObject({
    name: z.string(),
    rule: z.enum(["style", "action", "tense", "near_duplicate"]),
    message: z.string(),
    suggestion: z.string().nullable(),
  })
  .meta({ id: "NamingHint" }) satisfies z.ZodType<NamingHint>;

const RULES = Object.keys(VIOLATION_RULES) as [ViolationRule, ...ViolationRule[]]; // an object with these keys and no others
export const ruleSchema = z.enum(RULES);
const modeReply = z.enum(PLAN_MODES);

export const violationReply = z
  .strictObject({
    property: z.string(),
    rule: ruleSchema,
    mode: modeReply,
    message: z.string(),
    sample: z.string(),
  })
  .meta({ id: "Violation" }) satisfies z.ZodType<Violation>;

export const violationCountReply = z
  .strictObject({
    event: z.string(),
    property: z.string(),
    rule: ruleSchema,
    mode: modeReply,
    count: z.int(),
    lastHour: z.int(),
    sample: z.string(),
  })
  .meta({ id: "ViolationCount" }) satisfies z.ZodType<ViolationTotal>;

export const coverageReply = z
  .strictObject({
    planned: z.int(),
    seen: z.int(),
    neverSeen: z.array(z.string()),
    unplanned: z.array(z.strictObject({ event: z.string(), events: z.int() })),
    properties: z.array(
      z.strictObject({
        event: z.string(),
        property: z.string(),
        gap: z.enum(["never_sent", "always_empty", "unplanned"]),
        events: z.int(),
        of: z.int(),
      }),
    ),
  })
  .meta({ id: "PlanCoverage" }) satisfies z.ZodType<PlanCoverage>;

/** Of an event kept in quarantine, what tells it; nobody's ids. */
export const heldReply = z
  .strictObject({
    line: z.int(),
    id: z.string(),
    event: z.string(),
    at: z.int(),
    receivedAt: z.int(),
    page: z.string(),
    props: z.record(z.string(), z.unknown()).nullable(),
    violations: z.array(violationReply),
  })
  .meta({ id: "QuarantinedEvent" });
