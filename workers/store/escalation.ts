// What a site's open incidents are escalated by.
import type { NewEscalationPolicy, NewRotation } from "../domain/on-call.ts";
import type { SiteId } from "../domain/site.ts";

export interface Escalation {
  policies: Map<string, NewEscalationPolicy>;
  rotations: Map<string, NewRotation>;
  /** Names of the members of the site's team, by their ids: of those whom a rotation names. */
  members: Map<string, string>;
}

type ResourceRow = { site_id: SiteId; kind: "rotation" | "escalation_policy"; id: string; body: string };
type MemberRow = { site_id: SiteId; kind: "member"; id: string; body: string };

/** Of all sites at once, each by its id; as their schemas let them in. */
export async function readEscalation(db: D1Database, siteIds: readonly SiteId[]): Promise<Map<SiteId, Escalation>> {
  const { results } = await db
    .prepare(
      `select site_id, kind, id, body from resources
       where site_id in (select value from json_each(?1)) and kind in ('rotation', 'escalation_policy')
       union all
       select distinct r.site_id, 'member', p.id, p.name from resources r, json_each(r.body, '$.people') one
         join sites s on s.id = r.site_id
         join members m on m.team_id = s.team_id and m.person_id = one.value ->> 'member'
         join people p on p.id = m.person_id
       where r.site_id in (select value from json_each(?1)) and r.kind = 'rotation'`,
    )
    .bind(JSON.stringify(siteIds))
    .all<ResourceRow | MemberRow>();
  const bySite = new Map<SiteId, Escalation>();
  for (const { site_id, kind, id, body } of results) {
    const found = bySite.get(site_id) ?? { policies: new Map(), rotations: new Map(), members: new Map() };
    if (kind === "member") found.members.set(id, body);
    else if (kind === "rotation") found.rotations.set(id, JSON.parse(body));
    else found.policies.set(id, JSON.parse(body));
    bySite.set(site_id, found);
  }
  return bySite;
}
