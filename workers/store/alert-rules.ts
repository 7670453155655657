import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { type AlertRule, FIELDS_SINCE, type NewAlertRule } from "../domain/alert.ts";
import type { SiteId } from "../domain/site.ts";
import { alertRules } from "./schema/index.ts";

export const MOST_RULES = 200;

type Row = typeof alertRules.$inferSelect;

export const ruleOf = ({ body, id, version, createdAt }: Omit<Row, "siteId" | "state">): AlertRule => ({
  ...FIELDS_SINCE,
  ...body,
  id,
  version,
  createdAt,
});

const own = (siteId: SiteId, id: string, version: number | null) =>
  and(
    eq(alertRules.siteId, siteId),
    eq(alertRules.id, id),
    version === null ? undefined : eq(alertRules.version, version),
  );

export async function listAlertRules(db: D1Database, siteId: SiteId): Promise<AlertRule[]> {
  const rows = await drizzle(db)
    .select()
    .from(alertRules)
    .where(eq(alertRules.siteId, siteId))
    .orderBy(asc(alertRules.createdAt), asc(alertRules.id));
  return rows.map(ruleOf);
}

export async function findAlertRule(db: D1Database, siteId: SiteId, id: string): Promise<AlertRule | null> {
  const [row] = await drizzle(db)
    .select()
    .from(alertRules)
    .where(own(siteId, id, null));
  return row ? ruleOf(row) : null;
}

/** The value of its rule's split that an incident is of, as the rule's state has it; null where it is of none. */
export async function partOfIncident(
  db: D1Database,
  siteId: SiteId,
  { id, ruleId }: { id: string; ruleId: string },
): Promise<string | null> {
  const row = await db
    .prepare(
      `select part.key as part from alert_rules, json_each(alert_rules.state, '$.parts') as part
       where site_id = ?1 and alert_rules.id = ?2 and part.value ->> '$.incident.id' = ?3`,
    )
    .bind(siteId, ruleId, id)
    .first<{ part: string }>();
  return row?.part ?? null;
}

/** False when the site has as many as it may. */
export async function addAlertRule(db: D1Database, siteId: SiteId, rule: AlertRule): Promise<boolean> {
  const { id, version, createdAt, ...body } = rule;
  const added = await db
    .prepare(
      `insert into alert_rules (site_id, id, body, created_at, version) select ?1, ?2, ?3, ?4, ?5
       where (select count(*) from alert_rules where site_id = ?1) < ?6 returning id`,
    )
    .bind(siteId, id, JSON.stringify(body), createdAt, version, MOST_RULES)
    .first();
  return added !== null;
}

/** Null when there is none of that version. */
export async function changeAlertRule(
  db: D1Database,
  siteId: SiteId,
  { id, version, body }: { id: string; version: number | null; body: NewAlertRule },
): Promise<AlertRule | null> {
  const [row] = await drizzle(db)
    .update(alertRules)
    .set({ body, version: sql`${alertRules.version} + 1` })
    .where(own(siteId, id, version))
    .returning();
  return row ? ruleOf(row) : null;
}

/** With what is open of it, which nobody would end any more. */
export async function removeAlertRule(
  db: D1Database,
  siteId: SiteId,
  { id, version }: { id: string; version: number | null },
): Promise<boolean> {
  const [gone] = await db.batch([
    db
      .prepare("delete from alert_rules where site_id = ?1 and id = ?2 and (?3 is null or version = ?3)")
      .bind(siteId, id, version),
    db
      .prepare(
        `update incidents set state = 'resolved', body = json_set(body, '$.state', 'resolved')
         where site_id = ?1 and rule_id = ?2 and state <> 'resolved'
           and not exists (select 1 from alert_rules where site_id = ?1 and id = ?2)`,
      )
      .bind(siteId, id),
  ]);
  return (gone?.meta.changes ?? 0) > 0;
}
