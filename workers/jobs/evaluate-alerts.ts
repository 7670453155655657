import { catchUp, judgeableThrough, MINUTES_A_RUN } from "../alerts/catch-up.ts";
import { escalate } from "../alerts/escalate.ts";
import { STRIP_MS } from "../alerts/gather-facts.ts";
import { grouped } from "../alerts/group.ts";
import { noticesOf } from "../alerts/notices-of.ts";
import { mayFireAt } from "../alerts/quiet.ts";
import { MINUTE_MS } from "../alerts/series.ts";
import { fullState, type RuleState } from "../alerts/step.ts";
import type { Site, SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import {
  type AlertRun,
  claimAlertRuns,
  commitAlerts,
  leaveAlertRun,
  readRunning,
  type StoredRule,
} from "../store/alert-runs.ts";
import { type Escalation, readEscalation } from "../store/escalation.ts";
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

interface Evaluated {
  run: AlertRun;
  site: Site;
  stored: readonly Stored[];
  /** Undefined where the site has no policies. */
  escalation: Escalation | undefined;
  now: number;
}

async function evaluateSite(env: Env, { run, site, stored, escalation, now }: Evaluated): Promise<void> {
  const end = judgeableThrough(now);
  // What no strip tells any more is left out.
  const after = Math.max(run.through, end - STRIP_MS / 2);
  const through = Math.min(end, after + MINUTES_A_RUN * MINUTE_MS);
  const active = stored.filter(({ rule }) => rule.enabled);
  const facts = await alertFacts(env, site, { stored: active, after, through, now });
  if (!facts) return leaveAlertRun(env.DB, site.id);
  const { maintenance } = run;
  const running = active.map(({ rule, state: kept }) => {
    const before = fullState(kept, Math.floor(rule.createdAt / MINUTE_MS) * MINUTE_MS);
    return { rule, kept, before, state: before };
  });
  const done = catchUp(running, { facts, maintenance, after, through });
  const judged = running.map((one) => ({ ...one, changes: [], ...done.get(one.rule.id) }));
  const told = grouped(judged, through).map(({ rule, kept, state, changes }) => {
    const policy = rule.policy === null ? undefined : escalation?.policies.get(rule.policy);
    // Nobody could answer to the minutes that are being caught up.
    const mayTell = through === end && mayFireAt(rule, through, { offsetAt: facts.offsetAt, maintenance });
    const asked = { rotations: escalation?.rotations ?? new Map(), channels: rule.channels, at: through };
    const next = policy && mayTell ? escalate(state, { ...asked, policy }) : { state, changes: [] };
    const all = [...changes, ...next.changes];
    return {
      id: rule.id,
      state: next.state,
      isNew: isNews(kept, next.state),
      changes: all,
      notices: noticesOf(all, { rule, site }),
    };
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
    const withPolicy = [...bySite.keys()].filter((id) => bySite.get(id)?.some(({ rule }) => rule.policy !== null));
    const escalation = withPolicy.length > 0 ? await readEscalation(env.DB, withPolicy) : new Map<SiteId, Escalation>();
    const failures: unknown[] = [];
    for (let first = 0; first < runs.length; first += AT_ONCE) {
      const some = runs.slice(first, first + AT_ONCE).map(async (run) => {
        const site = sites.get(run.siteId);
        const [stored, policies] = [bySite.get(run.siteId) ?? [], escalation.get(run.siteId)];
        if (site) await evaluateSite(env, { run, site, stored, escalation: policies, now });
      });
      for (const done of await Promise.allSettled(some)) if (done.status === "rejected") failures.push(done.reason);
    }
    if (failures.length > 0) throw new AggregateError(failures, "rules could not be judged");
  },
};
