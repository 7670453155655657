// Events that were just taken, in the counters of now and among the hours that wait to be rolled up.
import type { Event } from "../../workers/domain/event.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardMemory } from "./memory.ts";

interface Counts {
  memory: Pick<ShardMemory, "live" | "strip">;
  dirty: DirtyHours;
  /** False where the counters know the events already. */
  apply: boolean;
}

export function countLive(events: readonly Event[], { memory: { live, strip }, dirty, apply }: Counts): void {
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
