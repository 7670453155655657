// An event of the plan as a form holds it: text as it is typed.
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
  /** Separated by commas. */
  values: string;
  min: string;
  max: string;
  pattern: string;
  description: string;
  /** What the form does not show. */
  kept: Pick<PlanProperty, "properties">;
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
    kept: {},
  },
});

function propertyDraft([name, property]: [string, PlanProperty]): PropertyDraft {
  const { type, required = false, values = [], min, max, pattern = "", description = "", properties } = property;
  return {
    ...{ name, type, required, pattern, description },
    values: values.join(", "),
    min: min === undefined ? "" : String(min),
    max: max === undefined ? "" : String(max),
    kept: properties ? { properties } : {},
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

function propertyOf({ type, required, values, min, max, pattern, description, kept }: PropertyDraft): PlanProperty {
  const listed = values
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  return {
    type,
    ...(required && { required }),
    ...(listed.length > 0 && { values: listed.map((value) => typedValue(value, type)) }),
    ...(min.trim() !== "" && { min: Number(min) }),
    ...(max.trim() !== "" && { max: Number(max) }),
    ...told({ pattern, description }),
    ...(scalarOf(type) === "object" && kept),
  };
}

export function eventOf({ name: _, mode, step, properties, ...texts }: EventDraft): PlanEvent {
  const named = properties.filter((property) => property.name.trim() !== "");
  return {
    ...told(texts),
    ...(mode !== "" && { mode }),
    ...(step.trim() !== "" && { step: Number(step) }),
    ...(named.length > 0 && {
      properties: Object.fromEntries(named.map((property) => [property.name.trim(), propertyOf(property)])),
    }),
  };
}
