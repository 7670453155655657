// New events in the live counters, and the hours whose roll-up they change.
import type { Event } from "../../workers/domain/event.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardMemory } from "./memory.ts";

/** `apply`: whether the counters do not know them yet. */
export function liveCount({ memory, dirty }: { memory: ShardMemory; dirty: DirtyHours }) {
  return (events: readonly Event[], apply: boolean): void => {
    const now = Date.now();
    const { live, strip } = memory;
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
  };
}
