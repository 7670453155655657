// Insights found in events that are at hand, by the same questions and answers as over HTTP.
import type { Event } from "../../../workers/domain/event.ts";
import type { Query, QueryResult } from "../../../workers/domain/query.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { spanOf } from "../../../workers/query/product.ts";
import { answerQueries, isRefusal, type QueryPorts } from "../../../workers/query/run.ts";
import { type Found, findInsights } from "../../../workers/reports/find-insights.ts";
import type { Looking } from "../../../workers/reports/insight.ts";
import { type Planted, plantedVisits } from "../../support/planted-visits.ts";
import { aSite, portsOf } from "../../support/shards.ts";

export const DAY_MS = 86_400_000;
export const END = Date.UTC(2026, 5, 1);
/** The last four weeks, and how many days those and the four before them are. */
export const RANGE: [string, string] = ["2026-05-04", "2026-05-31"];
export const LAST = 28;
export const SIGNUP: Goal = { id: "signup", name: "Signup", kind: "event", match: "signup" };

export const plant = (planted: Partial<Planted> & Pick<Planted, "seed">): Event[] =>
  plantedVisits({ end: END, days: 140, mean: 80, ...planted });

export function lookingAt(fields: Partial<Looking> = {}): Looking {
  const { range = RANGE, now = END + 3_600_000 } = fields;
  const span = spanOf(range, "previous_period", { now, timeZone: "UTC" });
  if ("errors" in span || !span.comparison) throw new Error(`${range} has nothing to be compared with`);
  const { period, comparison, running } = span;
  return {
    ...{ site: aSite(), range, compare: "previous_period", span: { period, comparison, running }, now },
    ...{ filters: [], goals: [SIGNUP], kpis: [], customMetrics: [], ...fields },
  };
}

export async function answersTo(ports: QueryPorts, questions: Query[]): Promise<QueryResult[]> {
  return (await answerQueries(questions, ports)).map((answer) => {
    if (isRefusal(answer)) throw new Error(JSON.stringify(answer));
    return answer;
  });
}

export const portsFor = (events: Event[], { site, goals, now }: Looking): QueryPorts =>
  portsOf(events, { site, goals: [...goals], now });

export function findIn(events: Event[], looking: Looking = lookingAt()): Promise<Found> {
  const ports = portsFor(events, looking);
  return findInsights(looking, (questions) => answersTo(ports, questions));
}
