import { catchUp, judgeableThrough, MINUTES_A_RUN } from "../alerts/catch-up.ts";
import { STRIP_MS } from "../alerts/gather-facts.ts";
import { noticesOf } from "../alerts/notices-of.ts";
import { MINUTE_MS } from "../alerts/series.ts";
import { freshState, type RuleState } from "../alerts/step.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import {
  type AlertRun,
  claimAlertRuns,
  commitAlerts,
  leaveAlertRun,
  readRunning,
  type StoredRule,
} from "../store/alert-runs.ts";
import { listSites } from "../store/sites.ts";
import { alertFacts } from "./alert-facts.ts";
import type { Job } from "./index.ts";

/** Each is a call and a statement or more, of which the free plan allows fifty a run. */
const SITES_A_RUN = 500;
const SITES_A_RUN_FREE = 10;
const AT_ONCE = 6;

type Stored = StoredRule<RuleState>;

const withoutMinute = (state: RuleState): string =>
  JSON.stringify(state, (name, value: unknown) => (name === "through" ? 0 : value));

/** What else than the minute has changed. */
const isNews = (before: RuleState | null, after: RuleState): boolean =>
  before === null || withoutMinute(before) !== withoutMinute(after);

async function evaluateSite(
  env: Env,
  run: AlertRun,
  site: Site,
  stored: readonly Stored[],
  now: number,
): Promise<void> {
  const end = judgeableThrough(now);
  // What no strip tells any more is left out.
  const after = Math.max(run.through, end - STRIP_MS / 2);
  const through = Math.min(end, after + MINUTES_A_RUN * MINUTE_MS);
  const active = stored.filter(({ rule }) => rule.enabled);
  const facts = await alertFacts(env, site, { stored: active, after, through, now });
  if (!facts) return leaveAlertRun(env.DB, site.id);
  const running = active.map(({ rule, state }) => ({
    rule,
    state: state ?? freshState(Math.floor(rule.createdAt / MINUTE_MS) * MINUTE_MS),
  }));
  const done = catchUp(running, { facts, maintenance: run.maintenance, after, through });
  const told = active.flatMap(({ rule, state }) => {
    const own = done.get(rule.id);
    if (!own) return [];
    return [{ ...own, id: rule.id, isNew: isNews(state, own.state), notices: noticesOf(own.changes, { rule, site }) }];
  });
  const changes = told.flatMap((one) => one.changes);
  await commitAlerts(
    env.DB,
    {
      run,
      through,
      states: told.filter(({ isNew }) => isNew).map(({ id, state }) => ({ id, state })),
      // The last word on each.
      incidents: [...new Map(changes.map(({ incident }) => [incident.id, incident])).values()],
      entries: changes.map(({ incident, entry }) => ({ ...entry, incidentId: incident.id, author: "" })),
      notices: told.flatMap(({ notices }) => notices),
    },
    now,
  );
}

/** Every rule is judged by each minute, in order; what comes of it is written at once, and told by the next job. */
export const evaluateAlerts: Job = {
  name: "evaluateAlerts",
  cron: "* * * * *",
  async run(env, now) {
    const most = env.EDGEWISE_PLAN === "free" ? SITES_A_RUN_FREE : SITES_A_RUN;
    const runs = await claimAlertRuns(env.DB, { through: judgeableThrough(now), now, most });
    if (runs.length === 0) return;
    const sites = new Map((await listSites(env.DB)).map((site) => [site.id, site]));
    const stored = await readRunning<RuleState>(
      env.DB,
      runs.map(({ siteId }) => siteId),
    );
    const bySite = Map.groupBy(stored, ({ siteId }) => siteId);
    const failures: unknown[] = [];
    for (let first = 0; first < runs.length; first += AT_ONCE) {
      const some = runs.slice(first, first + AT_ONCE).map(async (run) => {
        const site = sites.get(run.siteId);
        if (site) await evaluateSite(env, run, site, bySite.get(site.id) ?? [], now);
      });
      for (const done of await Promise.allSettled(some)) if (done.status === "rejected") failures.push(done.reason);
    }
    if (failures.length > 0) throw new AggregateError(failures, "rules could not be judged");
  },
};
