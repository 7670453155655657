// A plan drawn from what was seen, for people to correct: it is how things are, not how they should be.
import { type EventShape, FEW_VALUES, type PropertyShape } from "../analyses/property-shapes.ts";
import { ENGAGEMENT, PAGEVIEW } from "../domain/event.ts";
import { type PlanProperty, PROPERTY_TYPES, type PropertyType, type TrackingPlan } from "../domain/tracking-plan.ts";

/** Of its events, for a property to be taken for required. */
const REQUIRED_SHARE = 0.99;
/** Fewer events than this tell nothing about what is required or allowed. */
const ENOUGH = 20;
/** Each value seen so many times on the average: names of people are not. */
const TIMES_EACH = 5;

/** The narrowest type that holds all of them. */
function commonType(types: readonly string[]): PropertyType {
  if (types.length === 2 && types.includes("integer") && types.includes("number")) return "number";
  if (types.every((type) => type.startsWith("array"))) {
    const inner = types.filter((type) => type !== "array").map((type) => type.slice("array<".length, -1));
    const type = `array<${inner.length === 0 ? "string" : commonType([...new Set(inner)])}>`;
    return PROPERTY_TYPES.find((known) => known === type) ?? "array<string>";
  }
  return (types.length === 1 && PROPERTY_TYPES.find((known) => known === types[0])) || "string";
}

function propertyOf(shape: PropertyShape, events: number): PlanProperty {
  const types = Object.keys(shape.types);
  const type = types.length === 0 ? "string" : commonType(types);
  const property: PlanProperty = { type };
  if (events >= ENOUGH && shape.events - shape.empty >= events * REQUIRED_SHARE) property.required = true;
  const { values } = shape;
  const isChoice = values !== null && values.length > 1 && values.length <= FEW_VALUES / 2;
  if (type === "string" && isChoice && shape.events >= Math.max(ENOUGH, values.length * TIMES_EACH)) {
    property.values = values;
  }
  if (types.length > 1 && type === "string") property.description = `seen as ${types.sort().join(", ")}`;
  return property;
}

/** Everything is only observed, so that pushing it as it stands costs nothing. */
export function draftPlan(seen: readonly EventShape[]): TrackingPlan {
  const named = seen.filter(
    ({ name, properties }) => name !== ENGAGEMENT && (name !== PAGEVIEW || properties.length > 0),
  );
  const events = named.slice(0, 1000).map(({ name, events, properties }) => [
    name,
    {
      properties: Object.fromEntries(properties.slice(0, 64).map((shape) => [shape.name, propertyOf(shape, events)])),
    },
  ]);
  return { mode: "observe", events: Object.fromEntries(events) };
}
