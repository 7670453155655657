import type { Grain } from "../domain/buckets.ts";
import type { Event } from "../domain/event.ts";

export type TextField = { [F in keyof Event]: Event[F] extends string ? F : never }[keyof Event];

/**
 * Where a value comes from, as a description, so that every source (columns now, SQL elsewhere) can follow it.
 * `row`: the event itself · `first`: the session's first event · `entry`, `exit`: the session's first and last page view ·
 * `property` · `goal`: the goals that the query names · `bucket`: local time, of the event or of the session's start.
 */
export type Reading =
  | { from: "row" | "first" | "entry" | "exit"; field: TextField }
  | { from: "property"; name: string }
  | { from: "goal" }
  | { from: "bucket"; grain: Grain };

/** What results can be grouped by and, but for time, filtered by. */
export interface Dimension {
  label: string;
  scope: "event" | "session" | "time";
  read: Reading;
  /** What people call a stored value; values called alike are one. */
  called?: (stored: string) => string;
  /** Shown, and accepted in filters, for the empty value. */
  empty: string;
}

export const NOT_SET = "(not set)";
