import { type Event, type PackedEvent, packEvent } from "../../workers/domain/event.ts";

const PLAIN: Event = {
  id: "",
  name: "pageview",
  at: Date.UTC(2026, 10, 21, 12),
  receivedAt: Date.UTC(2026, 10, 21, 12),
  visitorId: "00000000000000a1",
  userId: "",
  persistentId: "",
  hostname: "example.com",
  path: "/",
  title: "",
  referrer: "",
  source: "",
  channel: "Direct",
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
  language: "",
  timeZone: "",
  engagementMs: 0,
  scrollDepth: 0,
  revenue: null,
  props: null,
  consent: null,
};

/** A page view of `/`, but for what the test says. Received when it happened, unless told. */
export function anEvent(fields: Partial<Event> = {}): Event {
  const at = fields.at ?? PLAIN.at;
  return { ...PLAIN, at, receivedAt: at, ...fields };
}

export function packed(events: readonly Event[]): PackedEvent[] {
  return events.map(packEvent);
}
