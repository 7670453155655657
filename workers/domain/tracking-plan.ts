// What a site means to measure: its events, their properties, and what becomes of an event that does not fit. Free of zod,
// so that the dashboard may import it.
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

/** How deep properties of objects may lie; an event's own are at 1. */
export const MOST_NESTED = 4;

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

export interface PlanEvent {
  /** Where in the product it happens. */
  section?: string | undefined;
  funnel?: string | undefined;
  /** Its place in the funnel, from 1. */
  step?: number | undefined;
  /** The figure that it is measured for. */
  kpi?: string | undefined;
  /** What the visitor or the system does for it to be sent. */
  trigger?: string | undefined;
  notes?: string | undefined;
  owner?: string | undefined;
  /** Else the plan's own. */
  mode?: PlanMode | undefined;
  properties?: Record<string, PlanProperty> | undefined;
}

export interface TrackingPlan {
  /** Of events that say nothing else; observe when left out. */
  mode?: PlanMode | undefined;
  /** What is not in the plan; observe when left out. */
  unplanned?: { events?: UnplannedMode | undefined; properties?: UnplannedMode | undefined } | undefined;
  /** How events are to be named; object_action when left out. */
  naming?: NamingConvention | undefined;
  events: Record<string, PlanEvent>;
}

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

/** Of events that did not fit in the same way, how many and what was sent last. */
export interface ViolationTotal {
  event: string;
  property: string;
  rule: ViolationRule;
  mode: PlanMode;
  count: number;
  /** The last hour in which it was found, milliseconds. */
  lastHour: number;
  sample: string;
}

/** A plan as it stood; version 0 is the empty plan that every site has at first. */
export interface PlanVersion {
  version: number;
  at: number;
  author: string;
  plan: TrackingPlan;
}
