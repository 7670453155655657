import { type Dimension, NOT_SET, type TextField } from "../dimension.ts";

/** An attribute of the session, taken from its first event. */
export function visitDimension(label: string, field: TextField, empty = NOT_SET): Dimension {
  return { label, scope: "session", read: { from: "first", field }, empty };
}

/** Of the session's first or last page; empty for a session without page views. */
export function pageOfVisit(label: string, from: "entry" | "exit", field: TextField = "path"): Dimension {
  return { label, scope: "session", read: { from, field }, empty: NOT_SET };
}
