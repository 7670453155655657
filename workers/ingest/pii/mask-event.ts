import type { Event } from "../../domain/event.ts";
import type { PiiPlace } from "../../domain/pii-kind.ts";
import type { Site } from "../../domain/site.ts";
import { maskProps } from "./mask-props.ts";
import { type FoundCounts, maskingOf, maskText } from "./masking.ts";

const PLACES = [
  ["path", "url"],
  ["utmSource", "url"],
  ["utmMedium", "url"],
  ["utmCampaign", "url"],
  ["utmTerm", "url"],
  ["utmContent", "url"],
  ["referrer", "referrer"],
  ["title", "title"],
  ["name", "name"],
] as const satisfies readonly (readonly [keyof Event, PiiPlace])[];

/** Replaces personal values in an event, in place; what was found, or undefined for nothing. */
export function maskEvent(event: Event, site: Site, identityKey: Uint8Array): FoundCounts | undefined {
  const counts: FoundCounts = {};
  const task = { masking: maskingOf(site.pii), hash: { identityKey, siteId: site.id }, counts };
  for (const [field, place] of PLACES) {
    const text = event[field];
    if (text !== "") event[field] = maskText(text, { ...task, place }).text;
  }
  // Taken from the campaign or the referrer, where it was counted.
  if (event.source !== "") event.source = maskText(event.source, { ...task, place: "url", counts: {} }).text;
  if (event.props) event.props = maskProps(event.props, task);
  return Object.keys(counts).length > 0 ? counts : undefined;
}
