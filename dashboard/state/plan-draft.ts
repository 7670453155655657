// An event of the plan as a form holds it: text as it is typed.
import type { FieldError } from "../../workers/domain/errors.ts";
import {
  type PlanEvent,
  type PlanMode,
  type PlanProperty,
  type PropertyType,
  scalarOf,
} from "../../workers/domain/tracking-plan.ts";

export interface PropertyDraft {
  name: string;
  type: PropertyType;
  required: boolean;
  /** One a line. */
  values: string;
  min: string;
  max: string;
  pattern: string;
  description: string;
  /** Counts for objects and lists of them. */
  properties: PropertyDraft[];
}

export interface EventDraft {
  name: string;
  mode: PlanMode | "";
  properties: PropertyDraft[];
  section: string;
  funnel: string;
  step: string;
  kpi: string;
  owner: string;
  trigger: string;
  notes: string;
}

export const blankProperty = (): PropertyDraft => ({
  ...{
    name: "",
    type: "string",
    required: false,
    values: "",
    min: "",
    max: "",
    pattern: "",
    description: "",
    properties: [],
  },
});

function propertyDraft([name, property]: [string, PlanProperty]): PropertyDraft {
  const { type, required = false, values = [], min, max, pattern = "", description = "", properties = {} } = property;
  return {
    ...{ name, type, required, pattern, description },
    values: values.join("\n"),
    min: min === undefined ? "" : String(min),
    max: max === undefined ? "" : String(max),
    properties: Object.entries(properties).map(propertyDraft),
  };
}

export function draftOf(name: string, event: PlanEvent): EventDraft {
  const { section = "", funnel = "", step, kpi = "", owner = "", trigger = "", notes = "", mode = "" } = event;
  return {
    ...{ name, section, funnel, kpi, owner, trigger, notes, mode },
    step: step === undefined ? "" : String(step),
    properties: Object.entries(event.properties ?? {}).map(propertyDraft),
  };
}

/** Empty text says nothing. */
const told = <T extends Record<string, string>>(texts: T): Partial<T> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== "")) as Partial<T>; // the same keys, fewer

function typedValue(text: string, type: PropertyType): string | number | boolean {
  const scalar = scalarOf(type);
  if (scalar === "boolean" && /^(?:true|false)$/.test(text)) return text === "true";
  const number = Number(text);
  return (scalar === "number" || scalar === "integer") && text !== "" && Number.isFinite(number) ? number : text;
}

/** Nothing where there are none. */
function propertiesOf(drafts: readonly PropertyDraft[]): Pick<PlanProperty, "properties"> {
  const named = drafts.map((draft) => [draft.name.trim(), propertyOf(draft)] as const).filter(([name]) => name !== "");
  return named.length > 0 ? { properties: Object.fromEntries(named) } : {};
}

function propertyOf(draft: PropertyDraft): PlanProperty {
  const { type, required, values, min, max, pattern, description, properties } = draft;
  const listed = values
    .split("\n")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  return {
    type,
    ...(required && { required }),
    ...(listed.length > 0 && { values: listed.map((value) => typedValue(value, type)) }),
    ...(min.trim() !== "" && { min: Number(min) }),
    ...(max.trim() !== "" && { max: Number(max) }),
    ...told({ pattern, description }),
    ...(scalarOf(type) === "object" && propertiesOf(properties)),
  };
}

export function eventOf({ name: _, mode, step, properties, ...texts }: EventDraft): PlanEvent {
  return {
    ...told(texts),
    ...(mode !== "" && { mode }),
    ...(step.trim() !== "" && { step: Number(step) }),
    ...propertiesOf(properties),
  };
}

/** Where the API says what is wrong with a property, in the words of its errors. */
export const propertyPath = (above: string, { name }: PropertyDraft): string => `${above}.properties.${name.trim()}`;

/** Properties beside each other that have one name, of which the plan could keep but the last. */
export function namedTwice(above: string, properties: readonly PropertyDraft[]): FieldError[] {
  const paths = properties.map((property) => propertyPath(above, property));
  return paths.flatMap((path, i) => [
    ...(paths.indexOf(path) < i ? [{ path, message: "another property has this name" }] : []),
    ...namedTwice(path, properties[i]!.properties),
  ]);
}
