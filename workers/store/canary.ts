// How the synthetic visitor fared: a row an hour, so that a visit every few minutes writes little.

const HOUR_MS = 3600_000;

export interface CanaryVisit {
  /** When it was due, milliseconds: its name, so that a visit told twice counts once. */
  at: number;
  /** What came out wrong; null when all was counted right and in time. */
  problem: string | null;
  /** From the collector's answer until it was counted, milliseconds. */
  tookMs: number;
}

export async function recordCanary(db: D1Database, { at, problem, tookMs }: CanaryVisit): Promise<void> {
  await db
    .prepare(
      `insert into canary_hours (hour, runs, failed, slowest_ms, last_at, last_problem)
       values (?1, 1, iif(?3 is null, 0, 1), ?4, ?2, ?3)
       on conflict do update set runs = runs + 1, failed = failed + excluded.failed,
         slowest_ms = max(slowest_ms, excluded.slowest_ms), last_at = excluded.last_at, last_problem = excluded.last_problem
       where excluded.last_at > canary_hours.last_at`,
    )
    .bind(at - (at % HOUR_MS), at, problem, tookMs)
    .run();
}

export interface CanaryHour {
  /** Start of the UTC hour, milliseconds. */
  hour: number;
  runs: number;
  failed: number;
  slowestMs: number;
  lastAt: number;
  lastProblem: string | null;
}

/** The newest hour with a visit; null before the first. */
export async function lastCanary(db: D1Database): Promise<CanaryHour | null> {
  return db
    .prepare(
      `select hour, runs, failed, slowest_ms as slowestMs, last_at as lastAt, last_problem as lastProblem
       from canary_hours order by hour desc limit 1`,
    )
    .first<CanaryHour>();
}

/** Hours that were told later than the clock can be now, which was set back since. */
export async function forgetCanaryAfter(db: D1Database, at: number): Promise<void> {
  await db.prepare("delete from canary_hours where last_at > ?1").bind(at).run();
}

export async function pruneCanary(db: D1Database, before: number): Promise<void> {
  await db.prepare("delete from canary_hours where hour < ?1").bind(before).run();
}
