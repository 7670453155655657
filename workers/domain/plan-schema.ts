// The form of a tracking plan, as files and the API take it.
import { RE2JS } from "re2js";
import * as z from "zod";
import {
  MOST_NESTED,
  NAMING_CONVENTIONS,
  PLAN_MODES,
  type PlanEvent,
  type PlanProperty,
  PROPERTY_TYPES,
  type ScalarType,
  scalarOf,
  type TrackingPlan,
  UNPLANNED_MODES,
} from "./tracking-plan.ts";

const NAME_LENGTH = 120;
const name = z.string().trim().min(1).max(NAME_LENGTH);
const text = (max: number) => z.string().max(max).optional();

const NUMERIC: readonly ScalarType[] = ["number", "integer"];

/** The pattern, bound to the whole value. */
export const wholeValue = (pattern: string): RE2JS => RE2JS.compile(`^(?:${pattern})$`);

function patternWorks(pattern: string): boolean {
  try {
    wholeValue(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What a property says that its type cannot have. */
function contradictions(property: PlanProperty): { path: string; message: string }[] {
  const scalar = scalarOf(property.type);
  const { min, max, values, pattern, properties } = property;
  const wrong: { path: string; message: string }[] = [];
  const only = (path: string, isWrong: boolean, message: string) => isWrong && wrong.push({ path, message });
  const numeric = NUMERIC.includes(scalar);
  only("min", (min !== undefined || max !== undefined) && !numeric, "min and max are for numbers");
  only("max", min !== undefined && max !== undefined && min > max, "max must not be below min");
  only("pattern", pattern !== undefined && scalar !== "string", "a pattern is for text");
  only("properties", properties !== undefined && scalar !== "object", "properties are for objects");
  const fits = (value: unknown) => typeof value === (numeric ? "number" : scalar);
  only("values", values !== undefined && !values.every(fits), `the values must be of the type ${scalar}`);
  return wrong;
}

const propertiesAt = (depth: number): z.ZodType<Record<string, PlanProperty>> =>
  depth > MOST_NESTED
    ? z.record(name, z.never(`properties may be nested at most ${MOST_NESTED} deep`))
    : z.record(name, propertyAt(depth)).refine((all) => Object.keys(all).length <= 64, "name 64 properties or fewer");

const propertyAt = (depth: number): z.ZodType<PlanProperty> =>
  z
    .strictObject({
      type: z.enum(PROPERTY_TYPES),
      required: z.boolean().optional(),
      values: z
        .array(z.union([z.string().max(500), z.number(), z.boolean()]))
        .min(1)
        .max(500)
        .optional(),
      min: z.number().optional(),
      max: z.number().optional(),
      pattern: z
        .string()
        .min(1)
        .max(500)
        .refine(patternWorks, "use RE2: no look-around, no back-references")
        .optional(),
      description: text(1000),
      properties: z.lazy(() => propertiesAt(depth + 1)).optional(),
    })
    .superRefine((property, context) => {
      for (const { path, message } of contradictions(property))
        context.addIssue({ code: "custom", path: [path], message });
    });

const eventSchema: z.ZodType<PlanEvent> = z.strictObject({
  section: text(120),
  funnel: text(120),
  step: z.int().min(1).max(1000).optional(),
  kpi: text(120),
  trigger: text(1000),
  notes: text(4000),
  owner: text(120),
  mode: z.enum(PLAN_MODES).optional(),
  properties: propertiesAt(1).optional(),
});

export const trackingPlanSchema: z.ZodType<TrackingPlan> = z
  .strictObject({
    mode: z.enum(PLAN_MODES).optional(),
    unplanned: z
      .strictObject({ events: z.enum(UNPLANNED_MODES).optional(), properties: z.enum(UNPLANNED_MODES).optional() })
      .optional(),
    naming: z.enum(NAMING_CONVENTIONS).optional(),
    events: z.record(name, eventSchema).refine((all) => Object.keys(all).length <= 1000, "name 1000 events or fewer"),
  })
  .meta({ title: "Edgewise tracking plan" });
