import { LIMITS } from "../../domain/beacon.ts";
import { invalid } from "../draft.ts";
import { isRecord } from "../payload.ts";
import type { Protocol } from "./index.ts";

/** One event, `{ site?, events: [...] }` with the site once for all, or a bare array. */
export const native: Protocol = {
  name: "native",
  path: "/api/event",
  fits: () => true,
  parse(body) {
    if (Array.isArray(body)) return batch(body, undefined);
    if (!isRecord(body)) return invalid("body", "send an event, a list of events, or { site, events }");
    if (!("events" in body)) return { beacons: [body] };
    if (!Array.isArray(body.events)) return invalid("events", "events must be a list");
    return batch(body.events, body.site);
  },
};

function batch(events: unknown[], site: unknown) {
  if (events.length > LIMITS.batchEvents) return invalid("events", `at most ${LIMITS.batchEvents} events a request`);
  if (site === undefined) return { beacons: events };
  return { beacons: events.map((event) => (isRecord(event) && !("site" in event) ? { ...event, site } : event)) };
}
