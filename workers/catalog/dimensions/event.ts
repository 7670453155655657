import { type Dimension, NOT_SET, type TextField } from "../dimension.ts";

export function eventDimension(label: string, field: TextField): Dimension {
  return { label, scope: "event", read: { from: "row", field }, empty: NOT_SET };
}
