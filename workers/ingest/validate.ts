import { type Beacon, beaconSchema, LIMITS } from "../domain/beacon.ts";
import { fieldErrors } from "../domain/errors.ts";
import { type Consent, type ConsentState, ENGAGEMENT, type Event } from "../domain/event.ts";
import { standardName } from "../domain/standard-events.ts";
import { type Draft, type Facts, invalid, isRefusal, type Refusal } from "./draft.ts";
import { admitPayload, isRecord } from "./payload.ts";

/** Parses one untrusted beacon, once: after this the types are true. Field paths are relative to the beacon. */
export function validateBeacon(payload: unknown): Beacon | Refusal {
  if (!isRecord(payload)) return invalid("event", "an event must be an object");
  const admitted = admitPayload(payload);
  if (isRefusal(admitted)) return admitted;
  const parsed = beaconSchema.safeParse(admitted.payload);
  return parsed.success ? parsed.data : { reason: "invalid", errors: fieldErrors(parsed.error.issues) };
}

/** A draft whose event holds what the beacon states by itself; the steps add what the edge knows. */
export function openDraft(beacon: Beacon, facts: Pick<Facts, "now">): Draft {
  return {
    beacon,
    event: stateEvent(beacon, facts.now),
    tag: "",
    clickId: "",
    previousVisitorId: undefined,
    violations: [],
    found: undefined,
  };
}

type Stated = Pick<
  Beacon,
  "name" | "title" | "language" | "engagement" | "scroll" | "revenue" | "props" | "consent"
> & { id?: string | undefined; at?: number | undefined };

/** Every field in the order of EVENT_FIELDS, so that all events share one hidden class. */
export function stateEvent(stated: Stated, now: number): Event {
  const engaged = stated.name === ENGAGEMENT;
  return {
    id: stated.id ?? "",
    name: standardName(stated.name),
    at: Math.round(stated.at ?? now),
    receivedAt: now,
    visitorId: "",
    userId: "",
    persistentId: "",
    hostname: "",
    path: "",
    title: stated.title ?? "",
    referrer: "",
    source: "",
    channel: "",
    utmSource: "",
    utmMedium: "",
    utmCampaign: "",
    utmTerm: "",
    utmContent: "",
    country: "",
    region: "",
    city: "",
    browser: "",
    browserVersion: "",
    os: "",
    osVersion: "",
    device: "",
    language: stated.language ?? "",
    engagementMs: engaged ? Math.round(stated.engagement ?? 0) : 0,
    scrollDepth: engaged ? Math.round(stated.scroll ?? 0) : 0,
    revenue: stated.revenue ?? null,
    props: stated.props ?? null,
    consent: stated.consent ? consentStates(stated.consent) : null,
    timeZone: "",
  };
}

function consentStates(given: NonNullable<Beacon["consent"]>): Consent {
  return { analytics: state(given.analytics), experience: state(given.experience), marketing: state(given.marketing) };
}

function state(allowed: boolean | undefined): ConsentState {
  if (allowed === undefined) return "unknown";
  return allowed ? "granted" : "denied";
}

/** Why a time is out of range, milliseconds UTC; undefined when it is fine. */
export function timeRefusal(at: number, earliest: number, now: number): Refusal | undefined {
  if (at < earliest) return { reason: "too_old" };
  return at > now + LIMITS.futureMs ? { reason: "in_future" } : undefined;
}
