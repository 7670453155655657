import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { jobRuns } from "../schema/index.ts";

export type JobRun = typeof jobRuns.$inferSelect;

/** The runs of one cron, in one statement. One that came out as the last is not written again within four minutes. */
export async function recordRuns(db: D1Database, runs: readonly Omit<JobRun, "wellAt">[]): Promise<void> {
  await db
    .prepare(
      `insert into job_runs (name, cron, started_at, ms, problem, well_at)
       select value ->> 'name', value ->> 'cron', value ->> 'startedAt', value ->> 'ms', value ->> 'problem',
         case when value ->> 'problem' is null then value ->> 'startedAt' end
       from json_each(?1) where true
       on conflict do update set cron = excluded.cron, started_at = excluded.started_at, ms = excluded.ms,
         problem = excluded.problem, well_at = coalesce(excluded.well_at, well_at)
       where excluded.problem is not problem or excluded.started_at >= started_at + 240000`,
    )
    .bind(JSON.stringify(runs))
    .run();
}

export const listRuns = (db: D1Database): Promise<JobRun[]> =>
  drizzle(db).select().from(jobRuns).orderBy(asc(jobRuns.name));

export async function lastRun(db: D1Database, name: string): Promise<JobRun | null> {
  const rows = await drizzle(db).select().from(jobRuns).where(eq(jobRuns.name, name));
  return rows[0] ?? null;
}
