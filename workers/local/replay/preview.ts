// What a dry run tells of the events that it would send.

import type { ImportedEvent } from "../../domain/beacon.ts";
import type { EventRow } from "./row.ts";

export interface Preview {
  visitors: number;
  /** ISO 8601; "" without events. */
  from: string;
  to: string;
  /** Event name → count, the first fifty names. */
  names: Record<string, number>;
  /** The first event, as it would be sent. */
  first: ImportedEvent | null;
}

/** Reads all rows. Remembers every visitor's name, so its memory grows with them. */
export async function preview(rows: AsyncIterable<EventRow[]>): Promise<Preview> {
  const visitors = new Set<string>();
  const names: Record<string, number> = {};
  let first: ImportedEvent | null = null;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const chunk of rows) {
    for (const { event } of chunk) {
      first ??= event;
      visitors.add(event.visitor);
      from = Math.min(from, event.at);
      to = Math.max(to, event.at);
      if (event.name in names || Object.keys(names).length < 50) names[event.name] = (names[event.name] ?? 0) + 1;
    }
  }
  const iso = (ms: number) => (first === null ? "" : new Date(ms).toISOString());
  return { visitors: visitors.size, from: iso(from), to: iso(to), names, first };
}
