// What the Features page asks: of features sent as `feature_viewed` and `feature_used` with a property `feature`, or of any
// custom event taken as one. Pure.
import type { Filter, QueryInput } from "../../workers/domain/query.ts";
import type { AnalysisQueryInput, Matcher } from "../../workers/domain/question.ts";
import { comparisonsSoFar, type Scope, scopeQuestion, trendGrain } from "./questions.ts";

export interface Feature {
  /** `feature`: a value of the property; `event`: a custom event of that name. */
  kind: "feature" | "event";
  value: string;
}

const PROPERTY = "event:props:feature";

const named = (name: string): Filter => ["is", "event:name", [name]];
const ofFeature = (value: string): Filter => ["is", PROPERTY, [value]];

const usedFilters = ({ kind, value }: Feature): Filter[] =>
  kind === "feature" ? [named("feature_used"), ofFeature(value)] : [named(value)];

/** Features by how many used them. */
export function featuresQuestion(scope: Scope, kind: Feature["kind"]): QueryInput {
  const base = scopeQuestion(scope);
  const filter: Filter =
    kind === "feature"
      ? named("feature_used")
      : ["is_not", "event:name", ["pageview", "engagement", "feature_viewed", "feature_used"]];
  return {
    ...base,
    filters: [...(base.filters ?? []), filter],
    metrics: ["visitors", "events"],
    dimensions: [kind === "feature" ? PROPERTY : "event:name"],
    pagination: { limit: 50, offset: 0 },
  };
}

/** Viewed, used, used again; of an event: done, done again. */
export function adoptionQuestion(scope: Scope, feature: Feature): AnalysisQueryInput {
  const step = (event: string, name: string): Matcher =>
    feature.kind === "feature" ? { event, filter: ofFeature(feature.value), name } : { event: feature.value, name };
  const steps =
    feature.kind === "feature"
      ? [step("feature_viewed", "Viewed"), step("feature_used", "Used"), step("feature_used", "Used again")]
      : [step("", "Used"), step("", "Used again")];
  return { ...scopeQuestion(scope), analysis: "funnel", params: { steps, strict: true } };
}

export function usageQuestion(scope: Scope, feature: Feature): QueryInput {
  const base = scopeQuestion(scope);
  return {
    ...base,
    filters: [...(base.filters ?? []), ...usedFilters(feature)],
    metrics: ["visitors", "events"],
    dimensions: [`time:${trendGrain(scope)}`],
    include: { time_labels: true },
  };
}

export function usersQuestion(scope: Scope, feature: Feature | null): QueryInput {
  const base = scopeQuestion(scope);
  return {
    ...base,
    filters: [...(base.filters ?? []), ...(feature ? usedFilters(feature) : [])],
    metrics: ["visitors"],
    include: comparisonsSoFar(scope),
  };
}

export function dailyUsersQuestion(scope: Scope, feature: Feature): QueryInput {
  const { include: _, ...question } = usersQuestion(scope, feature);
  return { ...question, dimensions: ["time:day"], include: { time_labels: true } };
}

/** How many of the period's users come on a usual day, in percent: the mean of the days begun over all of the period. */
export function stickiness(days: readonly number[], users: number): number | null {
  if (days.length === 0 || users === 0) return null;
  return (100 * days.reduce((sum, day) => sum + day, 0)) / days.length / users;
}
