// What a site's rules are judged by: its minutes, with one call; its hours, when a new one is over; and what is watched beside.

import type { AlertRule } from "../domain/alert.ts";
import type { AlertCondition, MetricCondition } from "../domain/alert-condition.ts";
import { DAYS_BACK, isOfMetric, type Step, stepOf } from "../domain/condition-step.ts";
import { type LiveMinute, STRIP_MS } from "../domain/live.ts";
import { localOffset } from "../domain/local-offset.ts";
import { isWatched, kpiIdOf, WATCHED_METRICS, type WatchedName } from "../domain/watched-metrics.ts";
import { askHours, type HourFacts, type HourPorts, type OwnNames } from "./hourly-asks.ts";
import { type Facts, needsHours } from "./judge.ts";
import { dataFrom, HOUR_MS, MINUTE_MS, type Series } from "./series.ts";
import { stripSeries } from "./strip-series.ts";

export interface WatchedAsk {
  name: WatchedName;
  step: Exclude<Step, "minute">;
}

export interface FactPorts extends Omit<HourPorts, keyof OwnNames> {
  /** Asked only where a rule looks at hours. */
  own(): Promise<OwnNames>;
  /** Null while they cannot be told. */
  minutes(since: number): Promise<LiveMinute[] | null>;
  /** Each by its name, at the steps that are asked for, as far back as is kept. */
  watched(asks: readonly WatchedAsk[]): Promise<Map<string, Series>>;
  /** The hour of the site's first event, as far as roll-ups tell; null without. Asked only where it may matter. */
  firstHour(): Promise<number | null>;
  /** Whether a day of the last so many is known to be unlike others. Asked only where a rule learns what is usual. */
  exceptional(days: number): Promise<Facts["isExceptional"]>;
}

export const watchedKey = ({ name, step }: WatchedAsk): string => `${step} ${name}`;

interface Span {
  /** Ends of the minutes that are judged. */
  after: number;
  through: number;
  /** On the past, by hours alone where they tell all: so many days. */
  tested?: { byHours: boolean; days: number } | null;
  /** Values of a rule's split that something is open of. */
  kept?: (rule: Pick<AlertRule, "split">) => string[];
}

type Watching = Pick<AlertRule, "conditions" | "match" | "filters" | "split">;

function watchedIn(rules: readonly Watching[]): WatchedAsk[] {
  const all = rules.flatMap((rule) =>
    rule.conditions.filter(isOfMetric).flatMap((condition): WatchedAsk[] => {
      const { metric } = condition;
      if (!isWatched(metric)) return [];
      return [{ name: metric, step: stepOf(condition, rule) === "slot" ? "slot" : "hour" }];
    }),
  );
  return [...new Map(all.map((one) => [watchedKey(one), one])).values()];
}

const NOTHING: OwnNames = { known: [], kpis: [], segments: [] };

const looksAtHours = (rule: Watching): boolean =>
  rule.conditions.some((one) => isOfMetric(one) && !isWatched(one.metric) && stepOf(one, rule) === "hour");

function nameWith(kpis: HourPorts["kpis"]): Facts["nameOf"] {
  return (metric) => {
    if (isWatched(metric)) return WATCHED_METRICS[metric].label.toLowerCase();
    const id = kpiIdOf(metric);
    return id === null ? metric.replaceAll("_", " ") : (kpis.find((kpi) => kpi.id === id)?.name ?? "a removed KPI");
  };
}

/** Minutes for which conditions look for what is missing; 0 where none does. */
function longestSilence(rules: readonly Watching[]): number {
  const isOfSilence = (one: AlertCondition): one is MetricCondition & { minutes: number } =>
    isOfMetric(one) &&
    !isWatched(one.metric) &&
    (one.kind === "absence" || (one.kind === "threshold" && one.is === "below"));
  return Math.max(
    0,
    ...rules.flatMap(({ conditions }) => conditions.filter(isOfSilence).map(({ minutes }) => minutes)),
  );
}

/** All series of the rules that are known by the hour. */
const hourlyOf = (rules: readonly Watching[], hours: HourFacts): Series[] =>
  rules.flatMap((rule) =>
    rule.conditions
      .filter(isOfMetric)
      .flatMap((condition) =>
        (rule.split ? (hours.partsOf(rule) ?? []) : [null]).flatMap(
          (part) => hours.seriesOf(condition, rule, part) ?? [],
        ),
      ),
  );

export interface Needed<Rule extends Watching = Watching> {
  minutes: boolean;
  /** Those that look at hours which are to be asked for. */
  hourly: readonly Rule[];
  watched: readonly WatchedAsk[];
  /** Minutes for which something may be missing, where that is looked at. */
  silence: number;
  /** Whether days unlike others must be known. */
  learns: boolean;
}

/** What is asked for to judge the rules. */
export function neededFor<Rule extends Watching>(rules: readonly Rule[], span: Span): Needed<Rule> {
  const { after, through, tested = null } = span;
  const byHours = tested?.byHours ?? false;
  const isDue = tested !== null || needsHours({ after, through });
  const minutes =
    !byHours && rules.some((rule) => rule.conditions.some((one) => isOfMetric(one) && stepOf(one, rule) === "minute"));
  return {
    minutes,
    silence: minutes || isDue ? longestSilence(rules) : 0,
    hourly: isDue ? rules.filter((rule) => byHours || looksAtHours(rule)) : [],
    watched: watchedIn(rules).filter(({ step }) => isDue || step === "slot"),
    learns: isDue && rules.some((rule) => rule.conditions.some(({ kind }) => kind === "anomaly")),
  };
}

/** Null while the site's minutes cannot be told. */
export async function gatherFacts(rules: readonly Watching[], ports: FactPorts, span: Span): Promise<Facts | null> {
  const { through, tested = null, kept = () => [] } = span;
  const since = through - STRIP_MS + MINUTE_MS;
  const byHours = tested?.byHours ?? false;
  const needed = neededFor(rules, span);
  const minutes = needed.minutes ? await ports.minutes(since) : [];
  if (minutes === null) return null;
  const strip = stripSeries(minutes, { start: since, until: through });
  const days = byHours ? (tested?.days ?? null) : null;
  const { hourly, learns } = needed;
  const own = hourly.length > 0 ? await ports.own() : NOTHING;
  const [hours, watched, isExceptional] = await Promise.all([
    askHours(hourly, { ...ports, ...own }, { days, kept }),
    needed.watched.length > 0 ? ports.watched(needed.watched) : new Map<string, Series>(),
    learns ? ports.exceptional(days ?? DAYS_BACK.anomaly) : () => false,
  ]);
  const known = dataFrom([strip("events"), ...hourlyOf(hourly, hours)].filter((one) => one !== null));
  // Most sites have something of before all that is looked at.
  const isOld = needed.silence === 0 || (!byHours && known <= span.after - needed.silence * MINUTE_MS);
  const firstHour = isOld ? null : await ports.firstHour();
  return {
    since: Math.min(known, firstHour === null ? Number.POSITIVE_INFINITY : firstHour + HOUR_MS),
    seriesFor(condition, { rule, part }) {
      const step = stepOf(condition, rule);
      const { metric } = condition;
      if (isWatched(metric))
        return watched.get(watchedKey({ name: metric, step: step === "slot" ? "slot" : "hour" })) ?? null;
      return step === "minute" && !byHours ? strip(metric) : hours.seriesOf(condition, rule, part);
    },
    goneOf: (condition, { rule, part }) => hours.goneOf(condition, rule, part),
    partsOf: (rule) => hours.partsOf(rule),
    nameOf: nameWith(own.kpis),
    offsetAt: localOffset(ports.site.timeZone),
    isExceptional,
  };
}
