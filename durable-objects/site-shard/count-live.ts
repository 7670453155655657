import type { Event } from "../../workers/domain/event.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardMemory } from "./memory.ts";

/** Counts new events for the live view, and marks the hours that they change. `apply`: the counters do not know them yet. */
export function countLive(
  events: readonly Event[],
  { live, strip, dirty, apply }: Pick<ShardMemory, "live" | "strip"> & { dirty: DirtyHours; apply: boolean },
): void {
  const now = Date.now();
  for (const event of events) {
    const before = live.openSession(event.visitorId, now);
    if (apply) {
      live.apply(event, now);
      strip.add(event);
    }
    const session = live.openSession(event.visitorId, now);
    if (session) dirty.mark(session);
    // Before the session's start it may join it to one that was over, or give it another entry.
    if (!session || (before && event.at < before.start)) dirty.markPast(event.at);
  }
}
