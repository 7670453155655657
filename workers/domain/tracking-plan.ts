// What a site means to measure: its events, their properties, and what becomes of an event that does not fit.
import { RE2JS } from "re2js";
import * as z from "zod";

/** `observe` counts what does not fit, `warn` also tells the sender, `enforce` keeps the event in quarantine instead of counting it. */
export const PLAN_MODES = ["observe", "warn", "enforce"] as const;
export type PlanMode = (typeof PLAN_MODES)[number];
/** For what the plan does not name: `allow` finds nothing wrong with it. */
export const UNPLANNED_MODES = ["allow", ...PLAN_MODES] as const;
export type UnplannedMode = (typeof UNPLANNED_MODES)[number];

export const SCALAR_TYPES = ["string", "number", "integer", "boolean", "date-time", "object"] as const;
export type ScalarType = (typeof SCALAR_TYPES)[number];
export type PropertyType = ScalarType | `array<${ScalarType}>`;
export const PROPERTY_TYPES: readonly PropertyType[] = [
  ...SCALAR_TYPES,
  ...SCALAR_TYPES.map((type): PropertyType => `array<${type}>`),
];

export const NAMING_CONVENTIONS = ["object_action", "snake_case", "camelCase", "kebab-case", "any"] as const;
export type NamingConvention = (typeof NAMING_CONVENTIONS)[number];

/** Of `array<T>` the T, else the type itself. */
export const scalarOf = (type: PropertyType): ScalarType =>
  SCALAR_TYPES.find((scalar) => type === scalar || type === `array<${scalar}>`)!;

export const isList = (type: PropertyType): boolean => type.startsWith("array<");

const NAME_LENGTH = 120;
const DEEPEST = 4;
const name = z.string().trim().min(1).max(NAME_LENGTH);
const text = (max: number) => z.string().max(max).optional();

const NUMERIC: readonly ScalarType[] = ["number", "integer"];

export interface PlanProperty {
  type: PropertyType;
  required?: boolean | undefined;
  /** The only ones allowed; of a list, each entry is one of them. */
  values?: (string | number | boolean)[] | undefined;
  min?: number | undefined;
  max?: number | undefined;
  /** RE2, for the whole value: it runs in linear time, without look-around and back-references. */
  pattern?: string | undefined;
  description?: string | undefined;
  /** Of `object` and `array<object>`. */
  properties?: Record<string, PlanProperty> | undefined;
}

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
  depth > DEEPEST
    ? z.record(name, z.never(`properties may be nested at most ${DEEPEST} deep`))
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

const eventSchema = z.strictObject({
  /** Where in the product it happens. */
  section: text(120),
  funnel: text(120),
  /** Its place in the funnel, from 1. */
  step: z.int().min(1).max(1000).optional(),
  /** The figure that it is measured for. */
  kpi: text(120),
  /** What the visitor or the system does for it to be sent. */
  trigger: text(1000),
  notes: text(4000),
  owner: text(120),
  /** Else the plan's own. */
  mode: z.enum(PLAN_MODES).optional(),
  properties: propertiesAt(1).optional(),
});

export const trackingPlanSchema = z
  .strictObject({
    /** Of events that say nothing else; observe when left out. */
    mode: z.enum(PLAN_MODES).optional(),
    /** What is not in the plan; observe when left out. */
    unplanned: z
      .strictObject({ events: z.enum(UNPLANNED_MODES).optional(), properties: z.enum(UNPLANNED_MODES).optional() })
      .optional(),
    /** How events are to be named; object_action when left out. */
    naming: z.enum(NAMING_CONVENTIONS).optional(),
    events: z.record(name, eventSchema).refine((all) => Object.keys(all).length <= 1000, "name 1000 events or fewer"),
  })
  .meta({ title: "Edgewise tracking plan" });

export type PlanEvent = z.infer<typeof eventSchema>;
export type TrackingPlan = z.infer<typeof trackingPlanSchema>;

export const EMPTY_PLAN: TrackingPlan = { events: {} };

export const modeOf = (plan: TrackingPlan, event: PlanEvent): PlanMode => event.mode ?? plan.mode ?? "observe";

export const VIOLATION_RULES = {
  unplanned_event: "the event is not in the plan",
  unplanned_property: "the property is not in the plan",
  missing: "a required property is missing",
  type: "the value has another type",
  value: "the value is not an allowed one",
  range: "the number is out of range",
  pattern: "the text does not fit the pattern",
} as const;
export type ViolationRule = keyof typeof VIOLATION_RULES;

/** One way in which an event does not fit the plan. */
export interface Violation {
  /** Dotted where nested, a list's entries as `[]`; "" for the event as a whole. */
  property: string;
  rule: ViolationRule;
  mode: PlanMode;
  message: string;
  /** What was sent there, shortened; "" where nothing was. */
  sample: string;
}

/** A plan as it stood; version 0 is the empty plan that every site has at first. */
export interface PlanVersion {
  version: number;
  at: number;
  author: string;
  plan: TrackingPlan;
}
