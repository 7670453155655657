// The plan and what was seen, side by side.
import type { EventShape } from "../analyses/property-shapes.ts";
import { AUTOMATIC_EVENTS } from "../domain/event.ts";
import type { TrackingPlan } from "../domain/tracking-plan.ts";

export interface PropertyGap {
  event: string;
  property: string;
  /** `never_sent`: planned, in none of the events; `always_empty`: sent, and never with a value; `unplanned`: only sent. */
  gap: "never_sent" | "always_empty" | "unplanned";
  /** Events that had the property, and all of that name. */
  events: number;
  of: number;
}

export interface PlanCoverage {
  planned: number;
  seen: number;
  /** Planned, and seen in none of the days. */
  neverSeen: string[];
  /** Seen, and in no plan, the most frequent first. */
  unplanned: { event: string; events: number }[];
  properties: PropertyGap[];
}

function gapsOf({ name, events, properties }: EventShape, planned: readonly string[]): PropertyGap[] {
  const sent = new Map(properties.map((property) => [property.name, property]));
  const gap = (property: string, kind: PropertyGap["gap"]): PropertyGap => ({
    event: name,
    property,
    gap: kind,
    events: sent.get(property)?.events ?? 0,
    of: events,
  });
  return [
    ...planned.filter((property) => !sent.has(property)).map((property) => gap(property, "never_sent")),
    ...properties.filter((one) => one.empty === one.events).map((one) => gap(one.name, "always_empty")),
    ...properties.filter((one) => !planned.includes(one.name)).map((one) => gap(one.name, "unplanned")),
  ];
}

export function planCoverage(plan: TrackingPlan, seen: readonly EventShape[]): PlanCoverage {
  const found = new Map(seen.map((event) => [event.name, event]));
  const planned = Object.keys(plan.events).sort();
  const isPlanned = new Set(planned);
  const strangers = seen.filter(({ name }) => !isPlanned.has(name) && !AUTOMATIC_EVENTS.includes(name));
  return {
    planned: planned.length,
    seen: planned.filter((name) => found.has(name)).length,
    neverSeen: planned.filter((name) => !found.has(name)),
    unplanned: strangers
      .map(({ name, events }) => ({ event: name, events }))
      .sort((a, b) => b.events - a.events || (a.event < b.event ? -1 : 1)),
    properties: planned.flatMap((name) => {
      const event = found.get(name);
      return event ? gapsOf(event, Object.keys(plan.events[name]?.properties ?? {})) : [];
    }),
  };
}
