// What a question of metrics needs, as requests that every source understands: groups, and the groups that its shares are
// shares of. `rolled.ts` says which of them roll-ups can answer, `points/` which of them Analytics Engine; the shards can
// answer all.

import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Figure } from "../catalog/figure.ts";
import type { Measure } from "../catalog/measure.ts";
import type { Base } from "../catalog/metric.ts";
import { localDate, type Period } from "../domain/period.ts";
import type { Filter } from "../domain/query.ts";
import { type Conversion, changesWithin } from "../domain/rates.ts";
import type { Goal } from "../domain/site.ts";
import type { ScanRequest } from "../engine/scan.ts";
import { GOAL, goalFilter, resolveGoals, withoutGoals } from "./filters.ts";
import type { NormalQuery } from "./normalize.ts";
import { type PointsQuery, pointsQuery } from "./points/build.ts";
import { isRefused } from "./points/literal.ts";
import { requestsOf, rolledPlans, type Standing } from "./rolled.ts";

/** A request for groups, and the dimensions of its keys. */
export interface GroupPlan {
  request: ScanRequest;
  measures: Measure[];
  dimensions: string[];
  /** Those that it groups by. */
  goals: readonly Goal[];
}

/** What one period of a query needs: its groups, and those that its shares are shares of. */
export interface PeriodPlan {
  groups: GroupPlan;
  bases: Partial<Record<Base, GroupPlan>>;
  /** What metrics of users' making count. */
  figures: FigurePlan | null;
  /** How amounts are put into the site's currency; null where currencies stay apart. */
  money: MoneyPlan | null;
}

export interface MoneyPlan {
  conversion: Conversion;
  /** Local date of the period's start, whose rates hold for all of it where `byDay` is null. */
  date: string;
  /** Where rates change within the period: amounts by local day, which comes first in the keys. */
  byDay: GroupPlan | null;
}

/** A request for figures by the same groups, and at which place of each row a figure of a metric is found. */
export interface FigurePlan {
  request: ScanRequest;
  places: ReadonlyMap<Figure, number>;
}

export interface Plan {
  main: PeriodPlan;
  comparison: PeriodPlan | null;
}

const DAY = "time:day";

interface Asked {
  conversion: Conversion | null;
  normal: NormalQuery;
  period: Period;
  goals: readonly Goal[];
  timeZone: string;
}

/** Groups are those in which something is counted, so that something must be. */
function measuresOf({ metrics }: NormalQuery): Measure[] {
  const measures = [...new Set(metrics.flatMap(({ from }) => from))];
  return measures.length > 0 ? measures : ["events"];
}

function figurePlan({ normal, period, goals, timeZone }: Asked): FigurePlan | null {
  const { metrics, dimensions } = normal;
  const wanted = metrics.flatMap((metric) => metric.figures);
  if (wanted.length === 0) return null;
  const alike = [...Map.groupBy(wanted, (figure) => JSON.stringify(figure)).values()];
  const figures = alike.map(([first]) => first!);
  const places = new Map(alike.flatMap((own, place) => own.map((figure) => [figure, place] as const)));
  const resolved = (filters: Filter[]) => filters.map((filter) => resolveGoals(filter, goals));
  const params = {
    figures: figures.map((figure) => ({ ...figure, filters: resolved(figure.filters) })),
    dimensions,
    goals: dimensions.includes(GOAL) ? goals.map(goalFilter) : [],
  };
  const { from, to } = period;
  return { request: { analysis: "figures", params, from, to, timeZone, filters: resolved(normal.filters) }, places };
}

function groupPlan(asked: Asked, what: { measures: Measure[]; dimensions: string[]; filters: Filter[] }): GroupPlan {
  const { measures, dimensions } = what;
  const filters = what.filters.map((filter) => resolveGoals(filter, asked.goals));
  const goals = dimensions.includes(GOAL) ? asked.goals : [];
  const time = dimensions[0]?.startsWith("time:") && dimensions.length === 1;
  const [analysis, params] =
    dimensions.length === 0
      ? ["totals", { measures }]
      : time
        ? ["timeseries", { measures, grain: dimensions[0]!.slice("time:".length) }]
        : ["breakdown", { measures, dimensions, goals: goals.map(goalFilter) }];
  const { from, to } = asked.period;
  return { request: { analysis, params, from, to, timeZone: asked.timeZone, filters }, measures, dimensions, goals };
}

function isTime(name: string): boolean {
  return dimensionOf(name)?.scope === "time";
}

function moneyPlan(asked: Asked): MoneyPlan | null {
  const { conversion, normal, period, timeZone } = asked;
  if (!conversion || !measuresOf(normal).includes("revenue")) return null;
  const [date, last] = [period.from, period.to - 1].map((at) => localDate(at, timeZone).toString());
  if (!changesWithin(conversion, date!, last!)) return { conversion, date: date!, byDay: null };
  const dimensions = [DAY, ...normal.dimensions.filter((name) => name !== DAY)];
  const byDay = groupPlan(asked, { measures: ["revenue"], dimensions, filters: normal.filters });
  return { conversion, date: date!, byDay };
}

/** The groups that a share divides by. Over time every bucket has its own whole. */
function basePlan(asked: Asked, base: Base): GroupPlan {
  const { dimensions, filters } = asked.normal;
  const measures: Measure[] = ["visitors"];
  const times = dimensions.filter(isTime);
  if (base === "period") return groupPlan(asked, { measures, dimensions: times, filters });
  return groupPlan(asked, {
    measures,
    dimensions: base === "unconverted" ? times : dimensions.filter((name) => name !== GOAL),
    filters: filters.map(withoutGoals).filter((filter) => filter !== null),
  });
}

function periodPlan(asked: Asked): PeriodPlan {
  const { dimensions, filters } = asked.normal;
  const measures = measuresOf(asked.normal);
  const bases = new Set(asked.normal.metrics.flatMap((metric) => metric.bases));
  return {
    groups: groupPlan(asked, { measures, dimensions, filters }),
    bases: Object.fromEntries([...bases].map((base) => [base, basePlan(asked, base)])),
    figures: figurePlan(asked),
    money: moneyPlan(asked),
  };
}

interface SiteFacts {
  timeZone: string;
  goals: readonly Goal[];
  /** Null keeps currencies apart. */
  conversion?: Conversion | null;
}

export function planFor(normal: NormalQuery, site: SiteFacts): Plan {
  const { conversion = null } = site;
  const asked = { normal, ...site, conversion };
  return {
    main: periodPlan({ ...asked, period: normal.period }),
    comparison: normal.comparison && periodPlan({ ...asked, period: normal.comparison }),
  };
}

/** The groups that the answer is made of. */
export function groupsOf({ main, comparison }: Plan): GroupPlan[] {
  return [main, comparison].flatMap((part) =>
    part ? [part.groups, ...Object.values(part.bases), ...(part.money?.byDay ? [part.money.byDay] : [])] : [],
  );
}

/** Besides them, the figures of metrics of users' making. */
export function figuresOf({ main, comparison }: Plan): FigurePlan[] {
  return [main, comparison].flatMap((part) => part?.figures ?? []);
}

/** A statement for each of the plan's groups. */
export type PointsPlan = ReadonlyMap<GroupPlan, PointsQuery>;

export interface PointsRule {
  siteId: string;
  /** Milliseconds. */
  now: number;
  standing: Standing;
  /** Where imported events lie, which left no points. */
  imported: readonly Period[];
}

/**
 * How Analytics Engine answers the question of a site above its exact limit. Null where roll-ups have all of it, which cost
 * as little and are exact, and where points do not know some of it: estimates and exact figures are not mixed in an answer.
 */
export function pointsPlan(plan: Plan, { siteId, now, standing, imported }: PointsRule): PointsPlan | null {
  if (figuresOf(plan).length > 0) return null;
  const groups = groupsOf(plan);
  const isRolled = (group: GroupPlan) => {
    const rolled = rolledPlans(group, { standing, now });
    return rolled?.every((one) => requestsOf(one).length === 0) ?? false;
  };
  if (groups.every(isRolled)) return null;
  const statements = new Map<GroupPlan, PointsQuery>();
  for (const group of groups) {
    const { request } = group;
    if (imported.some(({ from, to }) => from < request.to && to > request.from)) return null;
    const query = pointsQuery(request, { siteId, now });
    if (isRefused(query)) return null;
    statements.set(group, query);
  }
  return statements;
}
