// What an insight is, and what a kind of insight must declare.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Kpi } from "../catalog/kpi.ts";
import type { MetricValue } from "../domain/money.ts";
import type { DateRange } from "../domain/period.ts";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { Span } from "../query/product.ts";

/** A number of the sentence. */
export interface Figure {
  /** What it is: `now`, `before`, `change`, `share` … */
  name: string;
  metric: string;
  value: number | null;
  /** As the sentence has it. */
  text: string;
  /** What answers exactly this; null for what is reckoned from the others, is expected, or is a KPI's. */
  query: Query | null;
}

/** What one group of a breakdown adds to a change. */
export interface Contribution {
  /** In the order of the cause's dimensions, as filters take them. */
  values: string[];
  /** What was counted in it; of a ratio, what the ratio is of. */
  now: number;
  before: number;
  /** The change it makes of the whole, in the metric's unit; of a percentage in points. */
  adds: number;
  /** Of `adds`, by its share of the whole having changed, and by its own ratio; null but for ratios. */
  mix: number | null;
  rate: number | null;
}

export interface Cause {
  /** `part`: one group of a count · `rate`: one group's own ratio · `mix`: the sizes of the groups, whatever their ratios · `all`: nothing stands out. */
  how: "part" | "rate" | "mix" | "all";
  dimensions: string[];
  /** Of the group that is named. */
  values: string[];
  /** Percent of the whole change; above 100 where the rest went the other way. Null where nothing stands out. */
  share: number | null;
  /** Of the group that is named, where its own ratio is the cause. */
  rates: { now: number; before: number } | null;
  /** The group that is named, then those that add most. */
  contributions: Contribution[];
}

export interface Insight {
  kind: string;
  metric: string;
  text: string;
  tone: "better" | "worse" | "neither";
  /** About which part of the business moved, from 0 on; what is told is in this order. */
  matters: number;
  figures: Figure[];
  cause: Cause | null;
  /** The view behind, as an address of the dashboard. */
  link: string;
}

export interface Compared {
  now: MetricValue;
  before: MetricValue;
}

export interface SpanBoth extends Span {
  comparison: NonNullable<Span["comparison"]>;
}

/** What insights are asked of. */
export interface Looking {
  site: Site;
  range: DateRange;
  compare: "previous_period" | "year_over_year";
  span: SpanBoth;
  now: number;
  /** Of the view; all questions have them. */
  filters: readonly Filter[];
  goals: readonly Goal[];
  kpis: readonly Kpi[];
  customMetrics: readonly CustomMetric[];
}

/** What every kind looks at: the answers to the first questions. */
export interface Overview extends Looking {
  totals: Readonly<Record<string, Compared>>;
  /** By local date, oldest first, from long before the period to its end. */
  days: readonly { date: string; values: Readonly<Record<string, number | null>> }[];
  /** Of `days`, those between the first with a visitor and the period. */
  historyDays: number;
  /** Conversion rates by goal; empty where the site has none. */
  converted: ReadonlyMap<string, Compared>;
  /** Visitors of the period by each value, of the dimensions in which news is looked for. */
  seen: ReadonlyMap<string, readonly { value: string; visitors: number }[]>;
}

export interface InsightKind {
  label: string;
  about: string;
  /** Asked of all kinds together, in one scan. */
  ask(overview: Overview): Query[];
  /** `answers` are those to `ask`, in its order. */
  find(overview: Overview, answers: readonly QueryResult[]): Insight[];
}
