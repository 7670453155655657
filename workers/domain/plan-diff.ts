// What changes from one plan to the next, in words, and whether senders that were right before would now be wrong.
import {
  isList,
  modeOf,
  PLAN_MODES,
  type PlanEvent,
  type PlanProperty,
  scalarOf,
  type TrackingPlan,
  UNPLANNED_MODES,
} from "./tracking-plan.ts";

export interface PlanChange {
  /** "" for the plan as a whole. */
  event: string;
  /** Dotted where nested; "" for the event as a whole. */
  property: string;
  /** `required added`, `type narrowed`, … */
  what: string;
  breaking: boolean;
}

interface Place {
  event: string;
  property: string;
}

const TEXTS = ["section", "funnel", "step", "kpi", "trigger", "notes", "owner"] as const satisfies (keyof PlanEvent)[];

const shown = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value));

/** Changes to a list of names: those gone, those new, and those in both. */
function compareKeys<Value>(before: Record<string, Value> = {}, after: Record<string, Value> = {}) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((name) => ({ name, old: before[name], now: after[name] }));
}

function boundChanges(place: Place, old: PlanProperty, now: PlanProperty): PlanChange[] {
  const changes: PlanChange[] = [];
  for (const [bound, sign] of [
    ["min", 1],
    ["max", -1],
  ] as const) {
    const [was, is] = [old[bound], now[bound]];
    if (was === is) continue;
    const breaking = is !== undefined && (was === undefined || (is - was) * sign > 0);
    changes.push({
      ...place,
      what: `${bound} ${breaking ? "tightened" : "loosened"}: ${shown(was)} → ${shown(is)}`,
      breaking,
    });
  }
  return changes;
}

function valueChanges(place: Place, old: PlanProperty, now: PlanProperty): PlanChange[] {
  if (now.values === undefined) {
    return old.values === undefined ? [] : [{ ...place, what: "any value allowed", breaking: false }];
  }
  if (old.values === undefined)
    return [{ ...place, what: `allowed values limited to ${shown(now.values)}`, breaking: true }];
  const gone = old.values.filter((value) => !now.values!.includes(value));
  const fresh = now.values.filter((value) => !old.values!.includes(value));
  return [
    ...(gone.length > 0 ? [{ ...place, what: `allowed values removed: ${gone.join(", ")}`, breaking: true }] : []),
    ...(fresh.length > 0 ? [{ ...place, what: `allowed values added: ${fresh.join(", ")}`, breaking: false }] : []),
  ];
}

/** Every value of the old type is one of the new. */
function isWider(old: PlanProperty, now: PlanProperty): boolean {
  if (isList(old.type) !== isList(now.type)) return false;
  const pair = `${scalarOf(old.type)} ${scalarOf(now.type)}`;
  return pair === "integer number" || pair === "date-time string";
}

function changedProperty(place: Place, old: PlanProperty, now: PlanProperty): PlanChange[] {
  const changes: PlanChange[] = [];
  if (old.type !== now.type) {
    const breaking = !isWider(old, now);
    changes.push({ ...place, what: `type ${breaking ? "narrowed" : "widened"}: ${old.type} → ${now.type}`, breaking });
  }
  if (Boolean(old.required) !== Boolean(now.required)) {
    changes.push({
      ...place,
      what: now.required ? "required added" : "required removed",
      breaking: now.required === true,
    });
  }
  changes.push(...valueChanges(place, old, now), ...boundChanges(place, old, now));
  if (old.pattern !== now.pattern) {
    changes.push({
      ...place,
      what: `pattern: ${shown(old.pattern)} → ${shown(now.pattern)}`,
      breaking: now.pattern !== undefined,
    });
  }
  if (old.description !== now.description) changes.push({ ...place, what: "description changed", breaking: false });
  return [...changes, ...propertyChanges(place, old.properties, now.properties)];
}

function propertyChanges(
  at: Place,
  before: Record<string, PlanProperty> | undefined,
  after: Record<string, PlanProperty> | undefined,
): PlanChange[] {
  return compareKeys(before, after).flatMap(({ name, old, now }) => {
    const place = { event: at.event, property: at.property === "" ? name : `${at.property}.${name}` };
    if (!now) return [{ ...place, what: "property removed", breaking: true }];
    if (old) return changedProperty(place, old, now);
    const required = now.required === true;
    return [{ ...place, what: required ? "required property added" : "property added", breaking: required }];
  });
}

function modeChange(place: Place, [old, now]: readonly [string, string], order: readonly string[]): PlanChange[] {
  if (old === now) return [];
  const breaking = order.indexOf(now) > order.indexOf(old);
  return [{ ...place, what: `mode ${breaking ? "raised" : "lowered"}: ${old} → ${now}`, breaking }];
}

function changedEvent(event: string, old: PlanEvent, now: PlanEvent, plans: readonly [TrackingPlan, TrackingPlan]) {
  const place = { event, property: "" };
  const texts = TEXTS.filter((field) => old[field] !== now[field]);
  return [
    ...modeChange(place, [modeOf(plans[0], old), modeOf(plans[1], now)], PLAN_MODES),
    ...texts.map((field) => ({
      ...place,
      what: `${field}: ${shown(old[field])} → ${shown(now[field])}`,
      breaking: false,
    })),
    ...propertyChanges(place, old.properties, now.properties),
  ];
}

/** In order of event and property, the plan's own settings first. */
export function planDiff(before: TrackingPlan, after: TrackingPlan): PlanChange[] {
  const whole = { event: "", property: "" };
  const unplanned = (["events", "properties"] as const).flatMap((kind) => {
    const modes = [before.unplanned?.[kind] ?? "observe", after.unplanned?.[kind] ?? "observe"] as const;
    return modeChange(whole, modes, UNPLANNED_MODES).map((change) => ({
      ...change,
      what: `unplanned ${kind}: ${change.what}`,
    }));
  });
  const naming = [before.naming ?? "object_action", after.naming ?? "object_action"];
  const events = compareKeys(before.events, after.events).flatMap(({ name, old, now }): PlanChange[] => {
    const place = { event: name, property: "" };
    if (!now) return [{ ...place, what: "event removed", breaking: true }];
    return old ? changedEvent(name, old, now, [before, after]) : [{ ...place, what: "event added", breaking: false }];
  });
  return [
    ...unplanned,
    ...(naming[0] === naming[1] ? [] : [{ ...whole, what: `naming: ${naming[0]} → ${naming[1]}`, breaking: false }]),
    ...events,
  ];
}

/** A line a change, as a person reads it. */
export function changeText({ event, property, what, breaking }: PlanChange): string {
  const place = [event, property].filter((part) => part !== "").join(".");
  return `${breaking ? "! " : "  "}${place === "" ? "" : `${place}: `}${what}${breaking ? " (breaking)" : ""}`;
}
