// One run of a site's retention: what there is, what is due of it, and doing that. The dry run is the first two.
import { startOf } from "../../domain/archive.ts";
import { holdOf, type Inventory, nothingDueSince, planRetention, type RetentionStep } from "../../domain/retention.ts";
import type { Site } from "../../domain/site.ts";
import { refusalDays, removeRefusals } from "../drops.ts";
import { listArchiveDays } from "./archive-days.ts";
import { type ArchiveEnv, archiveDay, orderAll, removeDays } from "./archive-site.ts";
import { type RetentionRun, recordRun } from "./retention-runs.ts";

/** Days that one run archives: the rest is for the next, an hour later. */
const DAYS_A_RUN = 20;

async function inventoryOf(env: ArchiveEnv, site: Site, now: number): Promise<Inventory> {
  const before = nothingDueSince(site.retention, now);
  const replies = before > 0 ? await orderAll(env, site, { do: "inventory", before }) : [];
  const byDate = Map.groupBy(
    replies.flatMap(({ days }) => days),
    ({ date }) => date,
  );
  const held = [...byDate].map(([date, days]) => ({
    date,
    live: days.reduce((sum, { live }) => sum + live, 0),
    imports: days.reduce((sum, { imports }) => sum + imports, 0),
    bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  return {
    held,
    // What the shards have too is told of by them.
    archived: (await listArchiveDays(env.DB, site.id)).map((day) =>
      day.state === "dropped" ? day : { ...day, live: 0, imports: 0, bytes: 0 },
    ),
    refusals: await refusalDays(env.DB, site.id),
    lake: env.LAKE !== undefined,
  };
}

/** What a run at that moment would do; a hold is not asked about. */
export async function dueSteps(env: ArchiveEnv, site: Site, now: number): Promise<RetentionStep[]> {
  return planRetention(site.retention, await inventoryOf(env, site, now), now);
}

type Task = { steps: RetentionStep[]; run: () => Promise<unknown> };

/** Steps that are done together, in order: what is removed is not archived before. */
function tasksOf(
  env: ArchiveEnv,
  site: Site,
  { steps, now }: { steps: readonly RetentionStep[]; now: number },
): Task[] {
  const removing = (which: "live" | "imports", types: readonly RetentionStep["type"][]): Task[] => {
    const own = steps.filter(({ action, type }) => action === "remove" && types.includes(type));
    const dates = [...new Set(own.map(({ date }) => date))];
    return own.length > 0 ? [{ steps: own, run: () => removeDays(env, site, { dates, which, now }) }] : [];
  };
  const refusals = steps.filter(({ type }) => type === "refusals");
  const last = refusals.at(-1)?.date;
  const archiving = Map.groupBy(
    steps.filter(({ action }) => action === "archive"),
    ({ date }) => date,
  );
  return [
    ...removing("live", ["events", "archive"]),
    ...removing("imports", ["imports", "archived_imports"]),
    ...(last === undefined ? [] : [{ steps: refusals, run: () => removeRefusals(env.DB, site.id, startOf(last)) }]),
    ...[...archiving]
      .slice(0, DAYS_A_RUN)
      .map(([date, own]) => ({ steps: own, run: () => archiveDay(env, site, { date, now }) })),
  ];
}

const inOrder = (due: readonly RetentionStep[], done: readonly RetentionStep[]) =>
  due.filter((step) => done.includes(step));

/** Does what is due, and writes down what it did and what is left. */
export async function applyRetention(env: ArchiveEnv, site: Site, now: number): Promise<Omit<RetentionRun, "id">> {
  const due = await dueSteps(env, site, now);
  const hold = holdOf(site.retention, now);
  const done: RetentionStep[] = [];
  const problems: string[] = [];
  if (hold) problems.push(`legal hold: ${hold.reason}`);
  for (const { steps, run } of hold ? [] : tasksOf(env, site, { steps: due, now })) {
    try {
      await run();
      done.push(...steps);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const kept = due.filter((step) => !done.includes(step));
  const state = hold ? "held" : kept.length > 0 ? "partial" : "done";
  const run: Omit<RetentionRun, "id"> = { siteId: site.id, at: now, state, steps: inOrder(due, done), kept, problems };
  await recordRun(env.DB, run);
  return run;
}
