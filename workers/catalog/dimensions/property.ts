import type { Dimension } from "../dimension.ts";

export const PROPERTY_PREFIX = "event:props:";

/** A property of the event, as text; `(none)` where the event has none of that name. */
export function propertyDimension(name: string): Dimension {
  return { label: name, scope: "event", read: { from: "property", name }, empty: "(none)" };
}
