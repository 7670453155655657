// A tracking plan made ready for the path of every event: maps and tests that were built once.
import { AUTOMATIC_EVENTS, type Props } from "../domain/event.ts";
import { wholeValue } from "../domain/plan-schema.ts";
import {
  isList,
  modeOf,
  type PlanMode,
  type PlanProperty,
  type ScalarType,
  scalarOf,
  type TrackingPlan,
  type UnplannedMode,
  type Violation,
  type ViolationRule,
} from "../domain/tracking-plan.ts";

export interface PlanChecker {
  /** What does not fit, of an event with its name as it is stored; mostly nothing. */
  check(name: string, props: Props | null): readonly Violation[];
}

const NONE: readonly Violation[] = [];
/** Of one event; a hundred wrong entries of a list are one mistake. */
const MOST = 20;
const SAMPLE_CHARS = 80;
/** RFC 3339, and a date by itself. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})?)?$/;

const TYPE_TESTS: Readonly<Record<ScalarType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  "date-time": (value) => typeof value === "string" && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** As much of a value as tells what it was. What is personal in it was replaced before. */
export function sampleOf(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > SAMPLE_CHARS ? `${text.slice(0, SAMPLE_CHARS)}…` : text;
}

interface Report {
  found: Violation[];
  mode: PlanMode;
}

function report(
  into: Report,
  property: string,
  [rule, message, value]: readonly [ViolationRule, string, unknown?],
): void {
  if (into.found.length >= MOST) return;
  if (into.found.some((one) => one.property === property && one.rule === rule)) return;
  into.found.push({ property, rule, mode: into.mode, message, sample: value === undefined ? "" : sampleOf(value) });
}

type ValueCheck = (value: unknown, path: string, into: Report) => void;

/** Of a value that has the right type. */
function limitsOf(property: PlanProperty): ValueCheck[] {
  const { min = -Infinity, max = Infinity, values, pattern } = property;
  const checks: ValueCheck[] = [];
  if (values) {
    const allowed = new Set<unknown>(values);
    const message = `use one of ${values.slice(0, 12).join(", ")}${values.length > 12 ? ", …" : ""}`;
    checks.push((value, path, into) => {
      if (!allowed.has(value)) report(into, path, ["value", message, value]);
    });
  }
  if (property.min !== undefined || property.max !== undefined) {
    const ends = [
      property.min === undefined ? "" : `at least ${min}`,
      property.max === undefined ? "" : `at most ${max}`,
    ];
    const message = `use a number of ${ends.filter((end) => end !== "").join(" and ")}`;
    checks.push((value, path, into) => {
      if (typeof value === "number" && (value < min || value > max)) report(into, path, ["range", message, value]);
    });
  }
  if (pattern !== undefined) {
    const whole = wholeValue(pattern);
    const message = `the text must fit ${pattern}`;
    checks.push((value, path, into) => {
      if (typeof value === "string" && !whole.test(value)) report(into, path, ["pattern", message, value]);
    });
  }
  return checks;
}

function oneValue(property: PlanProperty, unplanned: UnplannedMode): ValueCheck {
  const type = scalarOf(property.type);
  const fits = TYPE_TESTS[type];
  const limits = limitsOf(property);
  const inner = property.properties ? fieldsCheck(property.properties, unplanned) : undefined;
  const message = `send ${type === "object" || type === "integer" ? "an" : "a"} ${type}`;
  return (value, path, into) => {
    if (!fits(value)) return report(into, path, ["type", message, value]);
    for (const limit of limits) limit(value, path, into);
    inner?.(value, path, into);
  };
}

function valueCheck(property: PlanProperty, unplanned: UnplannedMode): ValueCheck {
  const one = oneValue(property, unplanned);
  if (!isList(property.type)) return one;
  const message = `send a list: ${property.type}`;
  return (value, path, into) => {
    if (!Array.isArray(value)) return report(into, path, ["type", message, value]);
    const entry = `${path}[]`;
    for (const part of value) one(part, entry, into);
  };
}

/** Of an object with planned fields: each of them, and whether there are others. */
function fieldsCheck(properties: Readonly<Record<string, PlanProperty>>, unplanned: UnplannedMode): ValueCheck {
  const planned = new Map(
    Object.entries(properties).map(([name, property]) => [name, valueCheck(property, unplanned)]),
  );
  const required = Object.keys(properties).filter((name) => properties[name]!.required);
  return (value, path, into) => {
    const fields = value as Props; // an object, as its own check found, or an event's properties
    const prefix = path === "" ? "" : `${path}.`;
    for (const name of required) {
      // null says that there is none.
      if (!Object.hasOwn(fields, name) || fields[name] === null)
        report(into, prefix + name, ["missing", "this is required"]);
    }
    for (const name in fields) {
      const field = fields[name];
      if (field === null) continue;
      const check = planned.get(name);
      if (check) check(field, prefix + name, into);
      else if (unplanned !== "allow") {
        const own = { found: into.found, mode: unplanned };
        report(own, prefix + name, ["unplanned_property", "this is not in the tracking plan", field]);
      }
    }
  };
}

const NO_PROPS: Props = {};

export function planChecker(plan: TrackingPlan): PlanChecker {
  const { events: unplannedEvents = "observe", properties: unplanned = "observe" } = plan.unplanned ?? {};
  const events = new Map(
    Object.entries(plan.events).map(([name, event]) => [
      name,
      { mode: modeOf(plan, event), check: fieldsCheck(event.properties ?? {}, unplanned) },
    ]),
  );
  const message = "this event is not in the tracking plan";
  const stranger: readonly Violation[] =
    unplannedEvents === "allow"
      ? NONE
      : [{ property: "", rule: "unplanned_event", mode: unplannedEvents, message, sample: "" }];
  return {
    check(name, props) {
      const event = events.get(name);
      if (!event) return AUTOMATIC_EVENTS.includes(name) ? NONE : stranger;
      const into: Report = { found: [], mode: event.mode };
      event.check(props ?? NO_PROPS, "", into);
      return into.found.length > 0 ? into.found : NONE;
    },
  };
}

export const isHeld = (violations: readonly Violation[]): boolean => violations.some(({ mode }) => mode === "enforce");

const checkers = new WeakMap<TrackingPlan, PlanChecker>();

/** That of a plan, made once for each object. */
export function checkerOf(plan: TrackingPlan): PlanChecker {
  const known = checkers.get(plan);
  if (known) return known;
  const made = planChecker(plan);
  checkers.set(plan, made);
  return made;
}
