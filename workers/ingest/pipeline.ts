import type { Event } from "../domain/event.ts";
import type { Violation } from "../domain/tracking-plan.ts";
import { type Facts, isRefusal, type Refusal } from "./draft.ts";
import type { FoundCounts } from "./pii/masking.ts";
import { STEPS, type Step } from "./steps/index.ts";
import { openDraft, validateBeacon } from "./validate.ts";

export interface Ingested {
  event: Event;
  /** The visitor's id of the day before, in the half hour after local midnight. */
  previousVisitorId?: string;
  /** Where it does not fit the tracking plan; absent when it fits. */
  violations?: readonly Violation[];
  /** Personal values that were replaced, by kind and place. */
  found?: FoundCounts;
}

const ordered: readonly Step[] = Object.values(STEPS);

/**
 * Turns one untrusted beacon into an event, or says why not. Synchronous and pure but for bounded caches; throws only
 * when `facts.secrets` lacks the site's local date.
 */
export function ingest(beacon: unknown, facts: Facts): Ingested | Refusal {
  const valid = validateBeacon(beacon);
  if (isRefusal(valid)) return valid;
  const draft = openDraft(valid, facts);
  for (const step of ordered) {
    const refusal = step.run(draft, facts);
    if (refusal) return refusal;
  }
  const { event, previousVisitorId, violations, found } = draft;
  const ingested: Ingested = previousVisitorId === undefined ? { event } : { event, previousVisitorId };
  if (violations.length > 0) ingested.violations = violations;
  if (found) ingested.found = found;
  return ingested;
}
