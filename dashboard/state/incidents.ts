// A site's incidents: those that fire now for every page, what the past says of them, and what people do to one.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type * as z from "zod";
import type { entryReply, incidentReply, toldReply } from "../../workers/api/alert-replies.ts";
import { isOfMetric } from "../../workers/domain/condition-step.ts";
import { type AlertRule, loadRules } from "./alerts.ts";
import { type Reply, request } from "./api.ts";
import { localStamp } from "./days.ts";
import { formatClock } from "./format.ts";
import { sitePath } from "./sites.ts";

export type Incident = z.infer<typeof incidentReply>;
export type IncidentEntry = z.infer<typeof entryReply>;
export type Severity = Incident["severity"];

export interface IncidentStory extends Incident {
  entries: IncidentEntry[];
  told: z.infer<typeof toldReply>[];
  grouped: Incident[];
}

interface History {
  fired: number;
  ignored: number;
  acknowledged: number;
  resolved: number;
  /** Milliseconds. */
  mtta: number | null;
  mttr: number | null;
}

export interface IncidentHistory extends History {
  since: number;
  rules: (History & { ruleId: string; name: string; advice: string | null })[];
}

export interface IncidentFilter {
  state: "all" | "open" | Incident["state"];
  severity: "" | Severity;
  ruleId: string;
}

export const ANY_INCIDENT: IncidentFilter = { state: "all", severity: "", ruleId: "" };

const at = (site: string, path: string): string => `${sitePath(site)}/${path}`;
const part = encodeURIComponent;

export function loadIncidents(
  site: string,
  { state, severity, ruleId }: IncidentFilter,
): Promise<Reply<{ incidents: Incident[] }>> {
  const asked = new URLSearchParams({ limit: "50", state, ...(severity && { severity }), ...(ruleId && { ruleId }) });
  return request(at(site, `incidents?${asked}`));
}

export const loadIncident = (site: string, id: string): Promise<Reply<IncidentStory>> =>
  request(at(site, `incidents/${part(id)}`));
export const loadHistory = (site: string): Promise<Reply<IncidentHistory>> => request(at(site, "incident-history"));
export const noteOnIncident = (site: string, id: string, text: string): Promise<Reply<IncidentEntry>> =>
  request(at(site, `incidents/${part(id)}/notes`), { method: "POST", send: { text } });

/** So that the badge says at once what was done. */
async function andLook(site: string, work: Promise<Reply<Incident>>): Promise<Reply<Incident>> {
  const reply = await work;
  if (reply.ok) void lookWhatFires(site);
  return reply;
}

export const actOnIncident = (
  site: string,
  id: string,
  verb: "acknowledge" | "resolve" | "reopen",
): Promise<Reply<Incident>> =>
  andLook(site, request(at(site, `incidents/${part(id)}/${verb}`), { method: "POST", send: {} }));
export const changeIncident = (
  site: string,
  id: string,
  send: { severity?: Severity; assignee?: string | null },
): Promise<Reply<Incident>> => andLook(site, request(at(site, `incidents/${part(id)}`), { method: "PATCH", send }));

const LOOK_AGAIN_MS = 20_000;
const MOST = 100;

/** What fires at the site that is being looked at; null before it is known. */
export const firing = signal<{ siteId: string; incidents: readonly Incident[] } | null>(null);

async function lookWhatFires(siteId: string): Promise<void> {
  const reply = await request<{ incidents: Incident[] }>(at(siteId, `incidents?state=firing&limit=${MOST}`), {
    quiet: true,
  });
  if (reply.ok) firing.value = { siteId, incidents: reply.value.incidents };
}

/** Looks again and again while the component is shown and somebody sees it. */
export function useFiring(siteId: string): number | null {
  useEffect(() => {
    void lookWhatFires(siteId);
    const again = setInterval(() => {
      if (document.visibilityState === "visible") void lookWhatFires(siteId);
    }, LOOK_AGAIN_MS);
    return () => clearInterval(again);
  }, [siteId]);
  return firing.value?.siteId === siteId ? firing.value.incidents.length : null;
}

const past = signal<{ siteId: string; incidents: readonly Incident[]; rules: readonly AlertRule[] } | null>(null);

/** For which the past was loaded last: many charts of a page need it. */
let pastAsked = "";

async function loadPast(siteId: string): Promise<void> {
  const rules = await loadRules(siteId);
  if (!rules.ok) return;
  const asked = rules.value.rules.length > 0 ? await loadIncidents(siteId, ANY_INCIDENT) : null;
  const incidents = asked?.ok ? asked.value.incidents : [];
  past.value = { siteId, incidents, rules: rules.value.rules };
}

export interface FiringMark {
  day: string;
  /** Local time of the site, `YYYY-MM-DD HH:MM:SS`. */
  stamp: string;
  text: string;
}

/** When incidents of rules about these metrics began and ended, for charts along time. */
export function useFiringMarks(
  { id, timeZone }: { id: string; timeZone: string },
  metrics: readonly string[],
): FiringMark[] {
  // Only where the frame looks what fires: not for who reads by a share link.
  const isWatched = firing.value?.siteId === id;
  const open = firing.value?.incidents.map((one) => `${one.id} ${one.turn}`).join() ?? "";
  const isAsked = isWatched && metrics.length > 0;
  useEffect(() => {
    const key = `${id} ${open}`;
    if (!isAsked || key === pastAsked) return;
    pastAsked = key;
    void loadPast(id);
  }, [id, isAsked, open]);
  if (past.value?.siteId !== id) return [];
  const { incidents, rules } = past.value;
  const about = new Set(
    rules
      .filter(({ conditions }) => conditions.some((one) => isOfMetric(one) && metrics.includes(one.metric)))
      .map((rule) => rule.id),
  );
  const mark = (moment: number, text: string): FiringMark => {
    const stamp = localStamp(moment, timeZone);
    return { day: stamp.slice(0, 10), stamp, text: `${formatClock(moment, { timeZone })} ${text}` };
  };
  return incidents
    .filter(({ ruleId }) => about.has(ruleId))
    .flatMap(({ name, state, openedAt, changedAt }) => [
      mark(openedAt, `alert fired: ${name}`),
      ...(state === "resolved" ? [mark(changedAt, `alert over: ${name}`)] : []),
    ]);
}
