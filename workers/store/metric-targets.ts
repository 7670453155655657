// Where metrics are sent. What a target is set to is sealed, and only opened to send.
import { and, asc, eq, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SentCounters } from "../domain/metric-sample.ts";
import type { SiteId } from "../domain/site.ts";
import { metricTargets } from "./schema/index.ts";
import { seal, unseal } from "./sealed.ts";

export const MOST_TARGETS = 10;
/** In the place of a site: the system itself. */
export const SYSTEM = "";
export type Measured = SiteId | typeof SYSTEM;

interface SealEnv {
  DB: D1Database;
  ADMIN_TOKEN: string;
}

type Row = typeof metricTargets.$inferSelect;
export type MetricTarget = Pick<
  Row,
  "id" | "kind" | "label" | "metrics" | "everyMinutes" | "createdAt" | "told" | "toldAt" | "failures"
>;
export type NewTarget = Pick<Row, "id" | "kind" | "label" | "metrics" | "everyMinutes" | "createdAt">;

/** One that is to be sent to now. */
export type DueTarget = Pick<
  Row,
  "siteId" | "id" | "kind" | "label" | "metrics" | "everyMinutes" | "sentAt" | "sent" | "failures"
> & {
  config: unknown;
};

const secretOf = ({ ADMIN_TOKEN }: SealEnv): string => `metric targets ${ADMIN_TOKEN}`;
const own = (siteId: Measured, id: string) => and(eq(metricTargets.siteId, siteId), eq(metricTargets.id, id));

const shown = ({ id, kind, label, metrics, everyMinutes, createdAt, told, toldAt, failures }: Row): MetricTarget => ({
  id,
  kind,
  label,
  metrics,
  everyMinutes,
  createdAt,
  told,
  toldAt,
  failures,
});

/** Its config null where it cannot be opened: the deployment's token is another than when it was sealed. */
async function opened(env: SealEnv, row: Row): Promise<DueTarget> {
  const config = await unseal(row.config, secretOf(env)).catch(() => null);
  return { ...row, config: config === null ? null : JSON.parse(config) };
}

export async function listMetricTargets(db: D1Database, siteId: Measured): Promise<MetricTarget[]> {
  const rows = await drizzle(db)
    .select()
    .from(metricTargets)
    .where(eq(metricTargets.siteId, siteId))
    .orderBy(asc(metricTargets.createdAt), asc(metricTargets.id));
  return rows.map(shown);
}

export async function openMetricTarget(env: SealEnv, siteId: Measured, id: string): Promise<DueTarget | null> {
  const [row] = await drizzle(env.DB).select().from(metricTargets).where(own(siteId, id));
  return row ? opened(env, row) : null;
}

/** False when there are as many as there may be. */
export async function addMetricTarget(
  env: SealEnv,
  siteId: Measured,
  { config, ...target }: NewTarget & { config: unknown },
): Promise<boolean> {
  const { id, kind, label, metrics, everyMinutes, createdAt } = target;
  const sealed = await seal(JSON.stringify(config), secretOf(env));
  const added = await env.DB.prepare(
    `insert into metric_targets (site_id, id, kind, label, config, metrics, every_minutes, created_at, due_at)
     select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8
     where (select count(*) from metric_targets where site_id = ?1) < ?9 returning id`,
  )
    .bind(siteId, id, kind, label, sealed, JSON.stringify(metrics), everyMinutes, createdAt, MOST_TARGETS)
    .first();
  return added !== null;
}

export async function removeMetricTarget(db: D1Database, siteId: Measured, id: string): Promise<boolean> {
  const gone = await drizzle(db).delete(metricTargets).where(own(siteId, id)).returning({ id: metricTargets.id });
  return gone.length > 0;
}

/** Those longest due first. */
export async function dueMetricTargets(env: SealEnv, now: number, most: number): Promise<DueTarget[]> {
  const rows = await drizzle(env.DB)
    .select()
    .from(metricTargets)
    .where(lte(metricTargets.dueAt, now))
    .orderBy(asc(metricTargets.dueAt), asc(metricTargets.id))
    .limit(most);
  return Promise.all(rows.map((row) => opened(env, row)));
}

type Named = Pick<DueTarget, "siteId" | "id" | "sentAt">;

/** Before it is sent: false when another run has it. */
export async function claimSending(
  db: D1Database,
  { siteId, id, sentAt }: Named,
  { at, sent, dueAt }: { at: number; sent: SentCounters; dueAt: number },
): Promise<boolean> {
  const claimed = await drizzle(db)
    .update(metricTargets)
    .set({ sentAt: at, sent, dueAt })
    .where(and(own(siteId, id), eq(metricTargets.sentAt, sentAt)))
    .returning({ id: metricTargets.id });
  return claimed.length > 0;
}

interface Settled {
  /** The minute that was claimed. */
  at: number;
  told: string;
  toldAt: number;
  failures: number;
  dueAt: number;
  /** What is taken back, since it certainly did not arrive. */
  back?: { sentAt: number; sent: SentCounters };
}

export async function settleSending(db: D1Database, { siteId, id }: Named, settled: Settled): Promise<void> {
  const { at, back = {}, ...told } = settled;
  await drizzle(db)
    .update(metricTargets)
    .set({ ...told, ...back })
    .where(and(own(siteId, id), eq(metricTargets.sentAt, at)));
}
