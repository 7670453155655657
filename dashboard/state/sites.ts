// The sites and what belongs to each: goals and status. Lists live in signals, so every page that shows them follows.
import { signal } from "@preact/signals";
import type { DropReason } from "../../workers/domain/drop-reason.ts";
import type { PiiSettings } from "../../workers/domain/pii-kind.ts";
import type { Retention } from "../../workers/domain/retention.ts";
import type { Goal, Site } from "../../workers/domain/site.ts";
import { type Failure, type Reply, request } from "./api.ts";

export const sites = signal<Site[] | null>(null);
export const sitesFailure = signal<Failure | null>(null);

/** How a site is created or changed; fields as in `newSiteSchema`. */
export interface SiteFields {
  id: string;
  name: string;
  timeZone: string;
  hostnames: string[];
  excludedPaths: string[];
  excludedReferrers: string[];
  jurisdiction: Site["jurisdiction"];
  honourDoNotTrack: boolean;
  consent: Site["consent"];
  retention: Partial<Omit<Retention, "legalHold">>;
  pii: PiiSettings;
}

export interface SiteStatus {
  firstEventAt: number | null;
  /** The first day of imported history. */
  historyFrom: string | null;
  lastEventAt: number | null;
  /** Refused beacons of the last 24 hours. */
  drops: Partial<Record<DropReason, number>>;
}

export const sitePath = (id: string): string => `/api/v1/sites/${encodeURIComponent(id)}`;

let loading: Promise<void> | null = null;

/** Who asks while it is on its way waits for the same. */
export function loadSites(): Promise<void> {
  loading ??= readSites().finally(() => {
    loading = null;
  });
  return loading;
}

async function readSites(): Promise<void> {
  const reply = await request<{ sites: Site[] }>("/api/v1/sites");
  sitesFailure.value = reply.ok ? null : reply.failure;
  if (reply.ok) sites.value = reply.value.sites;
}

function replaceSite(site: Site): void {
  const others = (sites.value ?? []).filter(({ id }) => id !== site.id);
  sites.value = [...others, site].sort((a, b) => a.name.localeCompare(b.name));
}

export async function createSite(fields: Partial<SiteFields>): Promise<Reply<Site>> {
  const reply = await request<Site>("/api/v1/sites", { method: "POST", send: fields });
  if (reply.ok) replaceSite(reply.value);
  return reply;
}

export async function changeSite(id: string, fields: Partial<SiteFields>): Promise<Reply<Site>> {
  const reply = await request<Site>(sitePath(id), { method: "PATCH", send: fields });
  if (reply.ok) replaceSite(reply.value);
  return reply;
}

const asking = new Map<string, Promise<Reply<SiteStatus>>>();

/** Who asks while it is asked for gets the same answer. */
export function loadStatus(id: string): Promise<Reply<SiteStatus>> {
  const known = asking.get(id);
  if (known) return known;
  const asked = request<SiteStatus>(`${sitePath(id)}/status`).finally(() => asking.delete(id));
  asking.set(id, asked);
  return asked;
}

export function loadGoals(id: string): Promise<Reply<{ goals: Goal[] }>> {
  return request(`${sitePath(id)}/goals`);
}

export function addGoal(id: string, goal: Omit<Goal, "id">): Promise<Reply<Goal>> {
  return request(`${sitePath(id)}/goals`, { method: "POST", send: goal });
}

export function deleteGoal(id: string, goalId: string): Promise<Reply<null>> {
  return request(`${sitePath(id)}/goals/${encodeURIComponent(goalId)}`, { method: "DELETE" });
}

/** A site id from what people paste: `https://www.Example.com/shop?x` gives `example.com`. */
export function domainOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "")
    .replace(/:\d+$/, "")
    .replace(/^www\./, "");
}

/** A site that asks has the script that can. */
export function snippetOf({ id, consent }: Pick<Site, "id" | "consent">, origin: string): string {
  if (consent.mode === "ask") {
    return `<script defer data-site="${id}" data-consent="ask" src="${origin}/js/edgewise-consent.js"></script>`;
  }
  return `<script defer data-site="${id}" src="${origin}/js/edgewise.js"></script>`;
}
