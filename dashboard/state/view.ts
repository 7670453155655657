// What the Overview shows, and its place in the URL: printView and parseView are each other's inverse, so that a link,
// the back button and a reload all show the same thing.
import { isDay } from "./days.ts";
import { isMetricName, type MetricName } from "./metrics.ts";
import { GRAINS, type Grain, isPresetName, type Period } from "./periods.ts";

/**
 * Those of the API; `has_done` and `has_not_done` are of visits in which such an event is, or is not, `done_ever` and
 * `done_never` of visitors who have one in the period, or none.
 */
export const FILTER_OPERATORS = [
  "is",
  "is_not",
  "contains",
  "contains_not",
  "matches",
  "matches_not",
  "matches_wildcard",
  "matches_wildcard_not",
  "has_done",
  "has_not_done",
  "done_ever",
  "done_never",
] as const;
export type ViewOperator = (typeof FILTER_OPERATORS)[number];

export interface ViewFilter {
  operator: ViewOperator;
  dimension: string;
  values: string[];
}

export const COMPARISONS = ["previous", "year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface View {
  period: Period;
  metric: MetricName;
  grain: Grain | "auto";
  compare: Comparison;
  filters: ViewFilter[];
  /** The chosen tab of each panel that is not on its first one. */
  tabs: Record<string, string>;
  /** Further parameters of the address, which one page understands. */
  own: Record<string, string>;
}

export const DEFAULT_VIEW: View = {
  period: { name: "28d" },
  metric: "visitors",
  grain: "auto",
  compare: "previous",
  filters: [],
  tabs: {},
  own: {},
};

const oneOf = <T extends string>(list: readonly T[], text: string | null): T | undefined =>
  list.find((entry) => entry === text);

/** Stands for a saved segment, whose id is the value. */
export const SEGMENT = "segment";

const DIMENSION = /^((event|visit):[^,]{1,150}|segment)$/;
const TAB = /^[a-z][a-z0-9:_-]{0,40}$/;

const escapeValue = (value: string): string => value.replaceAll("%", "%25").replaceAll(",", "%2C");
const unescapeValue = (text: string): string => text.replaceAll("%2C", ",").replaceAll("%25", "%");

function printFilter({ operator, dimension, values }: ViewFilter): string {
  return [operator, dimension, ...values.map(escapeValue)].join(",");
}

function parseFilter(text: string): ViewFilter | null {
  const [first = "", dimension = "", ...values] = text.split(",");
  const operator = oneOf(FILTER_OPERATORS, first);
  if (!operator || !DIMENSION.test(dimension) || values.length === 0) return null;
  return { operator, dimension, values: values.map(unescapeValue) };
}

function parsePeriod(search: URLSearchParams): Period {
  const name = search.get("period") ?? "";
  if (isPresetName(name)) return { name };
  const from = search.get("from") ?? "";
  const to = search.get("to") ?? "";
  if (name === "custom" && isDay(from) && isDay(to) && from <= to) return { name, from, to };
  return DEFAULT_VIEW.period;
}

function parseTabs(search: URLSearchParams): Record<string, string> {
  const tabs: Record<string, string> = {};
  for (const text of search.getAll("tab")) {
    const [panel = "", tab = ""] = text.split(".");
    if (TAB.test(panel) && TAB.test(tab)) tabs[panel] = tab;
  }
  return tabs;
}

const SHARED = ["period", "from", "to", "metric", "grain", "compare", "f", "tab"];

function parseOwn(search: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...search].filter(([name]) => !SHARED.includes(name)));
}

/** Reads a query string; whatever is missing or not understood takes its default. */
export function parseView(query: string): View {
  const search = new URLSearchParams(query);
  const metric = search.get("metric") ?? "";
  return {
    period: parsePeriod(search),
    metric: isMetricName(metric) ? metric : DEFAULT_VIEW.metric,
    grain: oneOf(GRAINS, search.get("grain")) ?? DEFAULT_VIEW.grain,
    compare: oneOf(COMPARISONS, search.get("compare")) ?? DEFAULT_VIEW.compare,
    filters: search.getAll("f").flatMap((text) => parseFilter(text) ?? []),
    tabs: parseTabs(search),
    own: parseOwn(search),
  };
}

/** The query string without `?`, defaults left out, "" for the default view. */
export function printView(view: View): string {
  const search = new URLSearchParams();
  if (view.period.name !== "28d") search.set("period", view.period.name);
  if (view.period.name === "custom") {
    search.set("from", view.period.from);
    search.set("to", view.period.to);
  }
  for (const key of ["metric", "grain", "compare"] as const) {
    if (view[key] !== DEFAULT_VIEW[key]) search.set(key, view[key]);
  }
  for (const filter of view.filters) search.append("f", printFilter(filter));
  for (const panel of Object.keys(view.tabs).sort()) search.append("tab", `${panel}.${view.tabs[panel]}`);
  for (const name of Object.keys(view.own).sort()) search.append(name, view.own[name] ?? "");
  // These are legal in a query string, and a readable address is one that people trust and share.
  return search.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
}

const sameValues = (a: string[], b: string[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));

/** Adds a filter, in place of an equal-sided one on the same dimension; the very same filter is taken away instead. */
export function toggleFilter(filters: ViewFilter[], added: ViewFilter): ViewFilter[] {
  const same = (one: ViewFilter) => one.dimension === added.dimension && one.operator === added.operator;
  const present = filters.find(same);
  const others = filters.filter((one) => !same(one));
  return present && sameValues(present.values, added.values) ? others : [...others, added];
}

/** The tabs with a panel's one chosen; its first is the default and needs no mention. */
export function withTab(tabs: View["tabs"], chosen: { panel: string; id: string; first: string }): View["tabs"] {
  const { [chosen.panel]: _former, ...others } = tabs;
  return chosen.id === chosen.first ? others : { ...others, [chosen.panel]: chosen.id };
}

const OPPOSITE: Record<ViewOperator, ViewOperator> = {
  is: "is_not",
  is_not: "is",
  contains: "contains_not",
  contains_not: "contains",
  matches: "matches_not",
  matches_not: "matches",
  matches_wildcard: "matches_wildcard_not",
  matches_wildcard_not: "matches_wildcard",
  has_done: "has_not_done",
  has_not_done: "has_done",
  done_ever: "done_never",
  done_never: "done_ever",
};

/** The same filter, the other way round. */
export function negated(filter: ViewFilter): ViewFilter {
  return { ...filter, operator: OPPOSITE[filter.operator] };
}
