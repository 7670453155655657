import type { Beacon } from "../domain/beacon.ts";
import type { DropReason } from "../domain/drop-reason.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Event } from "../domain/event.ts";
import type { Site } from "../domain/site.ts";
import type { Violation } from "../domain/tracking-plan.ts";
import type { FoundCounts } from "./pii/masking.ts";
import type { PlanChecker } from "./plan-checker.ts";

/** Where the request came from, as the edge knows it; "" for what it does not know. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  country: string;
  region: string;
  city: string;
  /** IANA name. */
  timeZone: string;
}

/** What the request says beside its body. `ip` and `userAgent` are read here and never stored or logged. */
export interface Facts {
  /** Time of receipt, milliseconds UTC. */
  now: number;
  site: Site;
  ip: string;
  userAgent: string;
  /** DNT or Global Privacy Control was sent. */
  doNotTrack: boolean;
  place: Place;
  /** The Accept-Language header, or "". */
  language: string;
  /** Secret bytes by local date (`2026-11-21`), those of `secretDates`; the day before's may be missing. */
  secrets: ReadonlyMap<string, Uint8Array>;
  /** Key of the installation under which user and browser ids are pseudonymised. */
  identityKey: Uint8Array;
  /** Pseudonyms of users and browsers that took their consent back; needed where a beacon says that it was granted. */
  withdrawn: ReadonlySet<string>;
  /** The site's tracking plan; none where it has none. */
  plan?: PlanChecker | null;
}

/** A beacon on its way to becoming an event. Steps write to `event` in place. */
export interface Draft {
  readonly beacon: Beacon;
  readonly event: Event;
  /** `utm_source`, else `source`, else `ref`: what the link says of itself. */
  tag: string;
  /** The advertising click id the link carried, by name only; its value is never kept. */
  clickId: string;
  previousVisitorId: string | undefined;
  /** Where it does not fit the tracking plan. */
  violations: readonly Violation[];
  /** Personal values that were replaced, by kind and place. */
  found: FoundCounts | undefined;
}

/** Why a beacon was not taken; `errors` names the fields when it is invalid. */
export interface Refusal {
  reason: DropReason;
  /** What it was refused for, where a sample of that may be kept: nothing that tells of a person. */
  detail?: string;
  errors?: FieldError[];
}

export function refuse(reason: DropReason, detail?: string): Refusal {
  return detail === undefined ? { reason } : { reason, detail };
}

export function invalid(path: string, message: string): Refusal {
  return { reason: "invalid", errors: [{ path, message }] };
}

/** Tells a refusal from what else ingest returns: only a refusal has a reason. */
export function isRefusal<Result extends object>(result: Result | Refusal): result is Refusal {
  return "reason" in result;
}
