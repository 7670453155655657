// What the job judges a site's rules by.
import { type FactPorts, gatherFacts, neededFor } from "../alerts/gather-facts.ts";
import type { Facts } from "../alerts/judge.ts";
import { HOUR_MS } from "../alerts/series.ts";
import { incidentsIn, isOpen, type RuleState } from "../alerts/step.ts";
import type { AlertRule } from "../domain/alert.ts";
import { once } from "../domain/once.ts";
import type { Site } from "../domain/site.ts";
import { isSystem } from "../domain/watched-metrics.ts";
import type { Env } from "../env.ts";
import { answerSite } from "../reporting/answer-site.ts";
import { alertOwn, alertWatched, firstHourOf, siteMinutes } from "../store/alert-ports.ts";
import { exceptionalDays } from "../store/exceptional-days.ts";
import { answerCalls } from "./calls.ts";

const DAY_MS = 24 * HOUR_MS;

interface Asking {
  stored: readonly { rule: AlertRule; state: RuleState | null }[];
  /** Ends of the minutes that are judged. */
  after: number;
  through: number;
  now: number;
}

function portsFor(env: Env, site: Site, now: number): FactPorts {
  const own = once(() => alertOwn(env.DB, site.id));
  return {
    site,
    now,
    own,
    minutes: (since) => siteMinutes(env, site, since),
    watched: (asks) => alertWatched(env, site, { asks, now }),
    firstHour: () => firstHourOf(env.DB, site),
    exceptional: (days) => exceptionalDays(env.DB, site.id, { from: now - days * DAY_MS, to: now }),
    async ask(questions) {
      const { known, segments } = await own();
      return answerSite(env, site, { questions, customMetrics: known, segments, now });
    },
  };
}

/** What the site has of its own. */
const OWN_CALLS = 3;
/** What was measured of the system, and what the database takes. */
const SYSTEM_CALLS = 2;

/** What `alertFacts` costs at most: minutes are one call, hours a round of answers, two where a rule splits. */
export function factsCalls(
  site: Site,
  { rules, ...span }: { rules: readonly AlertRule[]; after: number; through: number },
): number {
  const { minutes, hourly, watched, silence, learns } = neededFor(rules, span);
  const ranks = hourly.some(({ split }) => split !== null && split.dimension !== "segment");
  const hours = hourly.length === 0 ? 0 : OWN_CALLS + answerCalls(site) * (ranks ? 2 : 1);
  const quality = watched.filter(({ name }) => !isSystem(name)).length;
  const system = quality < watched.length ? SYSTEM_CALLS : 0;
  return (minutes ? 1 : 0) + hours + quality + system + (silence > 0 ? 1 : 0) + (learns ? 1 : 0);
}

/** Null while the site's minutes cannot be told. */
export function alertFacts(env: Env, site: Site, { stored, after, through, now }: Asking): Promise<Facts | null> {
  const open = (rule: object): string[] => {
    const parts = stored.find((one) => one.rule === rule)?.state?.parts ?? {};
    return Object.entries(parts).flatMap(([name, part]) =>
      part.holds || incidentsIn(part).some(isOpen) ? [name] : [],
    );
  };
  const rules = stored.map(({ rule }) => rule);
  return gatherFacts(rules, portsFor(env, site, now), { after, through, kept: open });
}
