// Reading the audit trail: those acts that concern a team or a site, and are looked for.

import { MAIN_TEAM } from "../domain/access.ts";
import type { AuditLink } from "../domain/audit.ts";
import type { SiteId } from "../domain/site.ts";

/** What of a person's own account, which is no team's, the teams that they are in may see. */
export type AuditScope = { teamId: string } | { siteId: SiteId };

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  /** Its beginning. */
  target?: string | undefined;
  /** Milliseconds, both included. */
  from?: number | undefined;
  to?: number | undefined;
  /** Anywhere in what is told, or in the name of who acted. */
  text?: string | undefined;
}

/** With the name of who acted, while they have an account. */
export type ReadLink = AuditLink & { name: string | null };

export interface AuditAsked {
  /** Those after this one, in the order that is asked for; null begins. */
  after: number | null;
  limit: number;
  newestFirst: boolean;
}

const OF_MEMBERS = "select 'person ' || person_id from members where team_id = ?2";
const OF_ANYBODY = "select 'person ' || person_id from members";
/** Own accounts are of the teams that the person is in; what is no member's is the main team's, as the deployment is. */
const OF_TEAM = `(a.team_id = ?2 or (a.team_id = '' and (a.actor in (${OF_MEMBERS}) or a.target in (${OF_MEMBERS})))
  or (a.team_id = '' and ?2 = '${MAIN_TEAM}' and a.actor not in (${OF_ANYBODY})
    and a.target not in (${OF_ANYBODY})))`;
const TEXT =
  "a.summary || char(10) || a.action || char(10) || a.target || char(10) || a.actor || char(10) ||" +
  " coalesce(a.before, '') || char(10) || coalesce(a.after, '') || char(10) || coalesce(p.name, '')";

export async function listAudit(
  db: D1Database,
  scope: AuditScope,
  { actor, action, target, from, to, text, after, limit, newestFirst }: AuditFilter & AuditAsked,
): Promise<ReadLink[]> {
  const [within, id] = "siteId" in scope ? ["a.site_id = ?2", scope.siteId] : [OF_TEAM, scope.teamId];
  const { results } = await db
    .prepare(
      `select a.seq, a.at, a.actor, a.action, a.summary, a.target, a.team_id as teamId, a.site_id as siteId, a.outcome,
         a.request_id as requestId, a.country, a.origin, a.before, a.after, a.previous, a.hash, p.name
       from audit a left join people p on a.actor = 'person ' || p.id
       where ${within} and (?3 is null or a.seq ${newestFirst ? "<" : ">"} ?3) and (?4 is null or a.actor = ?4)
         and (?5 is null or a.action = ?5) and (?6 is null or substr(a.target, 1, length(?6)) = ?6)
         and (?7 is null or a.at >= ?7) and (?8 is null or a.at <= ?8)
         and (?9 is null or instr(lower(${TEXT}), lower(?9)) > 0)
       order by a.seq ${newestFirst ? "desc" : "asc"} limit ?1`,
    )
    .bind(limit, id, after, actor ?? null, action ?? null, target ?? null, from ?? null, to ?? null, text ?? null)
    .all<ReadLink>();
  return results;
}
