import { ended } from "../alerts/begin-anew.ts";
import { catchUp, judgeableThrough, MINUTES_A_RUN } from "../alerts/catch-up.ts";
import { escalate } from "../alerts/escalate.ts";
import { grouped } from "../alerts/group.ts";
import { noticesOf } from "../alerts/notices-of.ts";
import { rosterOf } from "../alerts/on-call.ts";
import { mayFireAt } from "../alerts/quiet.ts";
import { MINUTE_MS } from "../alerts/series.ts";
import { fullState, type RuleState } from "../alerts/step.ts";
import { STRIP_MS } from "../domain/live.ts";
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
import { alertFacts, factsCalls } from "./alert-facts.ts";
import {
  type Calls,
  callsFor,
  KEPT_FOR_NOTICES,
  keptForMetrics,
  keptForReports,
  TARGETS_CALLS,
  takeCalls,
} from "./calls.ts";
import type { Job } from "./index.ts";

const SITES_A_RUN = 500;
/** Which sites and rules there are, and their policies. */
const READ_CALLS = 4;
/** Of a site: its facts, at least one, and what comes of them. */
const LEAST_CALLS = 2;
const COMMIT_CALLS = 1;
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

/** Ends of the minutes that are judged now: the last of all, and of those before and after. */
function spanOf(run: AlertRun, now: number) {
  const end = judgeableThrough(now);
  // What no strip tells any more is left out.
  const after = Math.max(run.through, end - STRIP_MS / 2);
  return { end, after, through: Math.min(end, after + MINUTES_A_RUN * MINUTE_MS) };
}

/** Rotations as the team is now. */
function rostersOf(escalation: Escalation | undefined) {
  const { rotations, members } = escalation ?? { rotations: new Map(), members: new Map() };
  return new Map([...rotations].map(([id, rotation]) => [id, rosterOf(rotation, members)]));
}

/** Nothing is open of a rule that is paused, and nothing of what it had found is left when it goes on. */
function pausedOf({ site, stored }: Pick<Evaluated, "site" | "stored">, at: number) {
  return stored.flatMap(({ rule, state }) => {
    if (rule.enabled || state === null) return [];
    const changes = ended(fullState(state, at), { at, text: "its rule is paused" });
    return [{ id: rule.id, state: null, isNew: true, changes, notices: noticesOf(changes, { rule, site }) }];
  });
}

const activeOf = (stored: readonly Stored[]): Stored[] => stored.filter(({ rule }) => rule.enabled);

/** What it costs at most. */
function siteCalls({ run, site, stored, now }: Omit<Evaluated, "escalation">): number {
  const rules = activeOf(stored).map(({ rule }) => rule);
  return factsCalls(site, { rules, ...spanOf(run, now) }) + COMMIT_CALLS;
}

async function evaluateSite(env: Env, { run, site, stored, escalation, now }: Evaluated): Promise<void> {
  const { end, after, through } = spanOf(run, now);
  const active = activeOf(stored);
  const facts = await alertFacts(env, site, { stored: active, after, through, now });
  if (!facts) return leaveAlertRun(env.DB, site.id);
  const { maintenance } = run;
  const running = active.map(({ rule, state: kept }) => {
    const before = fullState(kept, Math.floor(rule.createdAt / MINUTE_MS) * MINUTE_MS);
    return { rule, kept, before, state: before };
  });
  const done = catchUp(running, { facts, maintenance, after, through });
  const judged = running.map((one) => ({ ...one, changes: [], ...done.get(one.rule.id) }));
  const rotations = rostersOf(escalation);
  const goingOn = grouped(judged, through).map(({ rule, kept, state, changes }) => {
    const policy = rule.policy === null ? undefined : escalation?.policies.get(rule.policy);
    // Nobody could answer to the minutes that are being caught up.
    const mayTell = through === end && mayFireAt(rule, through, { offsetAt: facts.offsetAt, maintenance });
    const asked = { rotations, channels: rule.channels, at: through };
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
  const told = [...goingOn, ...pausedOf({ site, stored }, now)];
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

/**
 * Those that may be judged now, the furthest behind first. What they cost is taken; who is left out keeps its place, and is
 * judged by one of the next runs.
 */
function affordable(all: readonly Evaluated[], { calls, kept }: { calls: Calls; kept: number }) {
  const most = callsFor({ EDGEWISE_PLAN: "free" }).left - READ_CALLS - KEPT_FOR_NOTICES - TARGETS_CALLS;
  const some: Evaluated[] = [];
  const failures: Error[] = [];
  for (const one of all.toSorted((a, b) => a.run.through - b.run.through)) {
    const count = siteCalls(one);
    if (takeCalls(calls, count, kept)) some.push(one);
    else if (count > most)
      failures.push(new Error(`the rules of ${one.site.id} need ${count} calls, a run has ${most}`));
  }
  return { some, failures };
}

/** Every rule is judged by each minute, in order; what comes of it is written at once, and told by the next job. */
export const evaluateAlerts: Job = {
  name: "evaluateAlerts",
  cron: "* * * * *",
  async run(env, now, calls = callsFor(env)) {
    const kept = KEPT_FOR_NOTICES + keptForMetrics(now) + keptForReports(now);
    if (!takeCalls(calls, READ_CALLS, kept)) return;
    const most = Math.min(SITES_A_RUN, Math.floor((calls.left - kept) / LEAST_CALLS));
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
    const all = runs.flatMap((run): Evaluated[] => {
      const site = sites.get(run.siteId);
      const [stored, policies] = [bySite.get(run.siteId) ?? [], escalation.get(run.siteId)];
      return site ? [{ run, site, stored, escalation: policies, now }] : [];
    });
    const { some, failures } = affordable(all, { calls, kept });
    for (let first = 0; first < some.length; first += AT_ONCE) {
      const judged = some.slice(first, first + AT_ONCE).map((one) => evaluateSite(env, one));
      for (const done of await Promise.allSettled(judged)) if (done.status === "rejected") failures.push(done.reason);
    }
    if (failures.length > 0) throw new AggregateError(failures, "rules could not be judged");
  },
};
