// A site's data quality as the API tells of it.
import * as z from "zod";
import {
  ASPECTS,
  type Aspect,
  FAULTS,
  type KeptFinding,
  type QualityFault,
  type QualityScore,
  type RuleVerdict,
} from "../domain/quality.ts";
import { qualityRuleSchema } from "../domain/quality-rule.ts";
import { resourceReply } from "./resource-reply.ts";

const aspectNames = Object.keys(ASPECTS) as [Aspect, ...Aspect[]]; // the keys of a constant
const faultNames = Object.keys(FAULTS) as [QualityFault, ...QualityFault[]]; // the keys of a constant

const [aboutEvents, aboutMetric] = qualityRuleSchema.options;

export const ruleReply = z
  .discriminatedUnion("on", [aboutEvents.safeExtend(resourceReply), aboutMetric.safeExtend(resourceReply)])
  .meta({ id: "KeptQualityRule" });

export const verdictReply = z
  .strictObject({
    rule: z.string(),
    kept: z.boolean(),
    checked: z.int(),
    broken: z.int(),
    reason: z.string(),
  })
  .meta({ id: "RuleVerdict" }) satisfies z.ZodType<RuleVerdict>;

const points = z.number().nullable();
const aspects = z.strictObject({
  validity: points,
  completeness: points,
  uniqueness: points,
  timeliness: points,
  consistency: points,
});

export const scoreReply = z
  .strictObject({
    total: points,
    aspects,
    reasons: z.array(z.strictObject({ aspect: z.enum(aspectNames), cost: z.number(), reason: z.string() })),
  })
  .meta({ id: "QualityScore" }) satisfies z.ZodType<QualityScore>;

export const findingReply = z
  .strictObject({
    fault: z.enum(faultNames),
    subject: z.string(),
    from: z.int(),
    to: z.int(),
    expected: z.number(),
    found: z.number(),
    reason: z.string(),
    firstSeen: z.int(),
    lastSeen: z.int(),
    resolvedAt: z.int().nullable(),
  })
  .meta({ id: "QualityFinding" }) satisfies z.ZodType<KeptFinding>;

/** Of the events that were looked at one by one. */
export const sampleReply = z.strictObject({ share: z.number(), events: z.int() });

export const qualityReply = z.strictObject({
  checkedAt: z.int().nullable(),
  /** Whose score it is: an event's, or "" for the whole site's. */
  event: z.string(),
  day: z.string().nullable(),
  score: scoreReply.nullable(),
  objective: z.strictObject({ completeness: z.number(), met: z.boolean().nullable() }),
  sample: sampleReply.nullable(),
  series: z.array(z.strictObject({ day: z.string(), total: points, aspects })),
  events: z.array(z.strictObject({ event: z.string(), events: z.int(), score: scoreReply })),
  findings: z.array(findingReply),
  verdicts: z.record(z.string(), verdictReply),
});
