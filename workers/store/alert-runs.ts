// How far each site's rules are judged, and the one way in which states, incidents and notices are written: all of a site
// at once, and only over what was read.
import {
  type AlertMessage,
  type AlertRule,
  FIELDS_SINCE,
  type Incident,
  type IncidentEntry,
  type Quiet,
} from "../domain/alert.ts";
import type { SiteId } from "../domain/site.ts";

/** A run that was cut off holds its sites no longer than until the next. */
const LEASE_MS = 50_000;

export interface AlertRun {
  siteId: SiteId;
  through: number;
  writer: string;
  maintenance: Quiet[];
}

export interface StoredRule<State> {
  siteId: SiteId;
  rule: AlertRule;
  state: State | null;
}

interface RunRow {
  site_id: SiteId;
  through: number;
  writer: string;
  maintenance: string;
}

const runOf = ({ site_id, through, writer, maintenance }: RunRow): AlertRun => ({
  siteId: site_id,
  through,
  writer,
  maintenance: JSON.parse(maintenance) as Quiet[], // written by setMaintenance
});

const RUN_COLUMNS = "site_id, through, writer, maintenance";

/** Sites with rules whose minutes up to `through` are to be judged, the furthest behind first; nobody else is given them. */
export async function claimAlertRuns(
  db: D1Database,
  { through, now, most }: { through: number; now: number; most: number },
): Promise<AlertRun[]> {
  const [, claimed] = await db.batch<RunRow>([
    // A site's first rule is judged from now on.
    db
      .prepare("insert or ignore into alert_runs (site_id, through) select distinct site_id, ?1 from alert_rules")
      .bind(through - 60_000),
    db
      .prepare(
        `update alert_runs set leased_until = ?2 where site_id in (
           select site_id from alert_runs where through < ?1 and leased_until <= ?3
             and exists (select 1 from alert_rules where alert_rules.site_id = alert_runs.site_id)
           order by through limit ?4) returning ${RUN_COLUMNS}`,
      )
      .bind(through, now + LEASE_MS, now, most),
  ]);
  return (claimed?.results ?? []).map(runOf);
}

export async function findAlertRun(db: D1Database, siteId: SiteId): Promise<AlertRun | null> {
  const row = await db.prepare(`select ${RUN_COLUMNS} from alert_runs where site_id = ?1`).bind(siteId).first<RunRow>();
  return row && runOf(row);
}

/** The state is as `commitAlerts` was given it; `State` is the caller's word for that. */
export async function readRunning<State>(db: D1Database, siteIds: readonly SiteId[]): Promise<StoredRule<State>[]> {
  const { results } = await db
    .prepare(
      `select site_id, id, body, state, version, created_at from alert_rules
       where site_id in (select value from json_each(?1)) order by site_id, created_at, id`,
    )
    .bind(JSON.stringify(siteIds))
    .all<{ site_id: SiteId; id: string; body: string; state: string | null; version: number; created_at: number }>();
  return results.map(({ site_id, id, body, state, version, created_at }) => ({
    siteId: site_id,
    rule: { ...FIELDS_SINCE, ...JSON.parse(body), id, version, createdAt: created_at },
    state: state === null ? null : JSON.parse(state),
  }));
}

export interface AlertCommit {
  /** As it was read. */
  run: Pick<AlertRun, "siteId" | "writer">;
  through: number;
  /** Of the rules that stand otherwise than before. */
  states: { id: string; state: unknown }[];
  incidents: Incident[];
  entries: (IncidentEntry & { incidentId: string; author: string })[];
  notices: { id: string; channelId: string; message: Omit<AlertMessage, "link"> }[];
}

const WON = "exists (select 1 from alert_runs where site_id = ?1 and writer = ?3)";

/** All of it or, where somebody else has written since, nothing and false. */
export async function commitAlerts(db: D1Database, commit: AlertCommit, now: number): Promise<boolean> {
  const { run, through, states, incidents, entries } = commit;
  // By their rows' order they are told.
  const notices = commit.notices.toSorted((a, b) => a.message.at - b.message.at);
  const writer = crypto.randomUUID();
  const bound = (sql: string, list: readonly unknown[]) =>
    list.length > 0 ? [db.prepare(sql).bind(run.siteId, JSON.stringify(list), writer)] : [];
  const [won] = await db.batch([
    db
      .prepare(
        "update alert_runs set through = max(through, ?3), writer = ?4, leased_until = 0 where site_id = ?1 and writer = ?2",
      )
      .bind(run.siteId, run.writer, through, writer),
    ...bound(
      `update alert_rules set state = (select value ->> 'state' from json_each(?2) where value ->> 'id' = alert_rules.id)
       where site_id = ?1 and id in (select value ->> 'id' from json_each(?2)) and ${WON}`,
      states,
    ),
    ...bound(
      `insert into incidents (site_id, id, rule_id, state, body, opened_at)
       select ?1, value ->> 'id', value ->> 'ruleId', value ->> 'state', value, value ->> 'openedAt'
       from json_each(?2) where ${WON} on conflict do update set state = excluded.state, body = excluded.body`,
      incidents,
    ),
    ...bound(
      `insert or ignore into incident_entries (site_id, incident_id, key, at, kind, by, author, text, value)
       select ?1, value ->> 'incidentId', value ->> 'key', value ->> 'at', value ->> 'kind', value ->> 'by', value ->> 'author',
         value ->> 'text', value ->> 'value'
       from json_each(?2) where ${WON}`,
      entries,
    ),
    ...bound(
      `insert or ignore into notices (site_id, id, incident_id, channel_id, message, state, next_at, created_at)
       select ?1, value ->> 'id', value ->> '$.message.incident.id', value ->> 'channelId', value ->> 'message', 'due', ${now}, ${now}
       from json_each(?2) where ${WON}`,
      notices,
    ),
  ]);
  return (won?.meta.changes ?? 0) > 0;
}

/** Whoever has read the site's rules before writes nothing any more. */
export async function takeAlertRun(db: D1Database, siteId: string): Promise<void> {
  await db.prepare("update alert_runs set writer = ?2 where site_id = ?1").bind(siteId, crypto.randomUUID()).run();
}

/** For another run to take. */
export async function leaveAlertRun(db: D1Database, siteId: SiteId): Promise<void> {
  await db.prepare("update alert_runs set leased_until = 0 where site_id = ?1").bind(siteId).run();
}

export async function setMaintenance(
  db: D1Database,
  siteId: SiteId,
  { windows, through }: { windows: Quiet[]; through: number },
): Promise<void> {
  await db
    .prepare(
      `insert into alert_runs (site_id, through, maintenance) values (?1, ?2, ?3)
       on conflict do update set maintenance = ?3`,
    )
    .bind(siteId, through, JSON.stringify(windows))
    .run();
}
