// The site's tracking plan, and how its traffic agrees with it.
import { useEffect, useState } from "preact/hooks";
import type * as z from "zod";
import type {
  changeReply,
  coverageReply,
  heldReply,
  hintReply,
  violationCountReply,
} from "../../workers/api/plan-schemas.ts";
import {
  isList,
  type PlanEvent,
  type PlanProperty,
  type PlanVersion,
  type TrackingPlan,
} from "../../workers/domain/tracking-plan.ts";
import type { Failure, Reply } from "./api.ts";
import { request } from "./api.ts";
import { fileName, saveFile } from "./download.ts";
import { sitePath } from "./sites.ts";

export type PlanChange = z.infer<typeof changeReply>;
export type Coverage = z.infer<typeof coverageReply>;
export type Held = z.infer<typeof heldReply>;
export type Hint = z.infer<typeof hintReply>;
export type Violated = z.infer<typeof violationCountReply>;
export type Version = Omit<PlanVersion, "plan">;
export type Replayed = Record<"replayed" | "duplicate" | "refused" | "retry" | "left", number> & {
  next: string | null;
};

const planPath = (siteId: string, rest = ""): string => `${sitePath(siteId)}/tracking-plan${rest}`;

export const loadViolations = (siteId: string): Promise<Reply<{ violations: Violated[] }>> =>
  request(planPath(siteId, "/violations?days=30&limit=100"));
export const loadCoverage = (siteId: string): Promise<Reply<Coverage>> =>
  request(planPath(siteId, "/coverage?days=30"));
export const loadHints = (siteId: string): Promise<Reply<{ hints: Hint[] }>> =>
  request(planPath(siteId, "/lint?days=30"));
export const loadDraft = (siteId: string): Promise<Reply<{ plan: TrackingPlan }>> =>
  request(planPath(siteId, "/draft?days=30"));
export const loadVersions = (siteId: string): Promise<Reply<{ versions: Version[] }>> =>
  request(planPath(siteId, "/versions?limit=50"));
export const loadDiff = (siteId: string, from: number, to: number): Promise<Reply<{ changes: PlanChange[] }>> =>
  request(planPath(siteId, `/diff?from=${from}&to=${to}`));
export const loadHeld = (siteId: string): Promise<Reply<{ events: Held[]; total: number }>> =>
  request(`${sitePath(siteId)}/quarantine?limit=50`);

/** What fits by now of one event, or of all; asked until everything was looked at. */
export async function replayHeld(siteId: string, event?: string): Promise<Reply<Replayed>> {
  const path = `${sitePath(siteId)}/quarantine/replay`;
  const ask = (cursor: string | null) =>
    request<Replayed>(path, {
      method: "POST",
      send: { ...(event !== undefined && { event }), ...(cursor && { cursor }) },
    });
  let all = await ask(null);
  while (all.ok && all.value.next !== null) {
    const next = await ask(all.value.next);
    if (!next.ok) return next;
    const { replayed, refused, retry } = all.value;
    const sums = {
      replayed: replayed + next.value.replayed,
      refused: refused + next.value.refused,
      retry: retry + next.value.retry,
    };
    all = { ok: true, value: { ...next.value, ...sums } };
  }
  return all;
}

export interface PlanKeeping {
  current: PlanVersion | null;
  failure: Failure | null;
  load: () => Promise<void>;
  /** Makes a new version of the one that is shown; null when it went well. */
  save: (plan: TrackingPlan) => Promise<Failure | null>;
}

export function usePlan(siteId: string): PlanKeeping {
  const [current, setCurrent] = useState<PlanVersion | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    const reply = await request<PlanVersion>(planPath(siteId));
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setCurrent(reply.value);
  };
  useEffect(() => void load(), [siteId]);
  const save = async (plan: TrackingPlan) => {
    const version = current?.version ?? 0;
    const reply = await request<PlanVersion>(planPath(siteId), { method: "PUT", send: plan, version });
    if (!reply.ok) return reply.failure;
    setCurrent(reply.value);
    return null;
  };
  return { current, failure, load, save };
}

/** Events in the order of their sections, those without one last. */
export function sectionsOf(plan: TrackingPlan): { section: string; events: [string, PlanEvent][] }[] {
  const groups = Map.groupBy(Object.entries(plan.events), ([, { section = "" }]) => section);
  const order = [...groups.keys()].sort((a, b) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  return order.map((section) => ({
    section,
    events: groups
      .get(section)!
      .sort(([a, one], [b, other]) => (one.step ?? 0) - (other.step ?? 0) || a.localeCompare(b)),
  }));
}

/** The plan with the event under its name, which may be another one than before. */
export function withEvent(
  plan: TrackingPlan,
  [name, event]: readonly [string, PlanEvent],
  before?: string,
): TrackingPlan {
  const others = Object.entries(plan.events).filter(([other]) => other !== before && other !== name);
  return { ...plan, events: Object.fromEntries([...others, [name, event]]) };
}

export const withoutEvent = (plan: TrackingPlan, name: string): TrackingPlan => ({
  ...plan,
  events: Object.fromEntries(Object.entries(plan.events).filter(([other]) => other !== name)),
});

/** What is not there yet comes in; what is there stays as it is. */
export const withEntries = (plan: TrackingPlan, entries: Readonly<Record<string, PlanEvent>>): TrackingPlan => ({
  ...plan,
  events: { ...entries, ...plan.events },
});

/** Each property with those below it, dotted; a list's entries are `[]`. */
export function allProperties(properties: PlanEvent["properties"], above = ""): [string, PlanProperty][] {
  return Object.entries(properties ?? {}).flatMap(([name, property]): [string, PlanProperty][] => {
    const path = above + name;
    return [[path, property], ...allProperties(property.properties, `${path}${isList(property.type) ? "[]" : ""}.`)];
  });
}

/** A few words on a property: `number ≥ 0, required`. */
export function propertyText({ type, required, values, min, max, pattern }: PlanProperty): string {
  const parts: string[] = [type];
  if (values) parts.push(`one of ${values.join(", ")}`);
  if (min !== undefined) parts.push(`≥ ${min}`);
  if (max !== undefined) parts.push(`≤ ${max}`);
  if (pattern !== undefined) parts.push(`like ${pattern}`);
  if (required) parts.push("required");
  return parts.join(", ");
}

// The reader of YAML is loaded when it is first needed.

export async function saveAsFile(siteId: string, { version, plan }: PlanVersion): Promise<void> {
  const { stringify } = await import("yaml");
  const text = stringify(plan, { lineWidth: 120 });
  saveFile(new Blob([text], { type: "application/yaml" }), fileName(`${siteId} tracking plan ${version}`, "yaml"));
}

/** Not checked here: the API says what is wrong with it. */
export async function planOfFile(file: File): Promise<TrackingPlan | string> {
  const text = await file.text();
  try {
    const { parse } = await import("yaml");
    return parse(text) as TrackingPlan; // or not: the API refuses what is none
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
