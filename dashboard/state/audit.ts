// Who did what: the acts of a site or of its team, and whether the trail of them is whole.
import type { AuditCheck, AuditFault } from "../../workers/domain/audit.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

/** As the API tells it. */
export interface ShownAct {
  seq: number;
  at: number;
  actor: string;
  name: string | null;
  action: string;
  summary: string;
  target: string;
  siteId: string;
  outcome: "done" | "refused";
  requestId: string;
  country: string;
  origin: string;
  before: unknown;
  after: unknown;
  hash: string;
}

export type ActScope = "site" | "team";

export interface ActFilter {
  text: string;
  /** Days, UTC; "" leaves that end open. */
  from: string;
  to: string;
}

export interface ActPage {
  acts: ShownAct[];
  next: string | null;
  check: AuditCheck | null;
}

const PAGE = 50;
const teamPath = ({ teamId }: Site): string => `/api/v1/teams/${encodeURIComponent(teamId)}/audit`;

function pathOf(site: Site, scope: ActScope, more: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(more).filter(([, value]) => value !== ""));
  return `${scope === "team" ? teamPath(site) : `${sitePath(site.id)}/audit`}?${query}`;
}

export const loadActs = (
  site: Site,
  scope: ActScope,
  { cursor, ...filter }: ActFilter & { cursor: string },
): Promise<Reply<ActPage>> => request(pathOf(site, scope, { ...filter, cursor, limit: String(PAGE) }));

/** Where the acts are had as a file. */
export const actsFile = (site: Site, scope: ActScope, { format, ...filter }: ActFilter & { format: string }): string =>
  pathOf(site, scope, { ...filter, format });

interface Slice {
  next: number | null;
  links: number;
  faults: AuditFault[];
}

/** Verifies the whole trail, some acts at a time. */
export async function verifyTrail(
  site: Site,
  onProgress: (links: number) => void,
): Promise<Reply<{ links: number; faults: AuditFault[] }>> {
  let links = 0;
  const faults: AuditFault[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const reply: Reply<Slice> = await request(`${teamPath(site)}/verify?after=${after}`);
    if (!reply.ok) return reply;
    links += reply.value.links;
    faults.push(...reply.value.faults);
    onProgress(links);
    after = reply.value.next;
  }
  return { ok: true, value: { links, faults } };
}

export interface Difference {
  field: string;
  before: string;
  after: string;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What changed, a line for each field. */
export function differences(before: unknown, after: unknown): Difference[] {
  if (before === null && after === null) return [];
  if (!isFields(before ?? after)) return [{ field: "", before: textOf(before), after: textOf(after) }];
  const [was, is] = [isFields(before) ? before : {}, isFields(after) ? after : {}];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields.map((field) => ({ field, before: textOf(was[field]), after: textOf(is[field]) }));
}

/** Who acted, in words. */
export function whoOf({ actor, name }: Pick<ShownAct, "actor" | "name">): string {
  if (name !== null) return name;
  const [kind = "", id = ""] = actor.split(" ");
  if (kind === "person") return "Somebody who left";
  if (kind === "operator") return "The deployment's token";
  if (kind === "nobody") return "Nobody signed in";
  if (kind === "key") return `API key ${id.slice(0, 8)}`;
  if (kind === "job") return `The job ${id}`;
  return actor;
}
