// What a site's open incidents are escalated by.
import type { NewEscalationPolicy, NewRotation } from "../domain/on-call.ts";
import type { SiteId } from "../domain/site.ts";

export interface Escalation {
  policies: Map<string, NewEscalationPolicy>;
  rotations: Map<string, NewRotation>;
}

/** Of all sites at once, each by its id; as their schemas let them in. */
export async function readEscalation(db: D1Database, siteIds: readonly SiteId[]): Promise<Map<SiteId, Escalation>> {
  const { results } = await db
    .prepare(
      `select site_id, kind, id, body from resources
       where site_id in (select value from json_each(?1)) and kind in ('rotation', 'escalation_policy')`,
    )
    .bind(JSON.stringify(siteIds))
    .all<{ site_id: SiteId; kind: "rotation" | "escalation_policy"; id: string; body: string }>();
  const bySite = new Map<SiteId, Escalation>();
  for (const { site_id, kind, id, body } of results) {
    const found = bySite.get(site_id) ?? { policies: new Map(), rotations: new Map() };
    if (kind === "rotation") found.rotations.set(id, JSON.parse(body));
    else found.policies.set(id, JSON.parse(body));
    bySite.set(site_id, found);
  }
  return bySite;
}
