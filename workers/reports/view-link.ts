// The view behind an insight, as an address of the dashboard: its period, comparison, metric and filters.
import { localDate, type Period } from "../domain/period.ts";
import type { Filter } from "../domain/query.ts";
import type { Looking } from "./insight.ts";

/** What the dashboard calls the ranges that it offers. */
const PRESETS: Readonly<Record<string, string>> = {
  day: "today",
  "7d": "7d",
  "28d": "28d",
  "30d": "30d",
  "91d": "91d",
  month: "month",
  year: "year",
  "12mo": "12mo",
};

const escaped = (value: string): string => value.replaceAll("%", "%25").replaceAll(",", "%2C");

/** `is,visit:country,DE`; null for a filter that a view has no place for, which is any that joins others. */
export function viewFilter(filter: Filter): string | null {
  const [operator, subject] = filter;
  if (typeof subject === "string") {
    const [, dimension, values, modifiers] = filter as Extract<Filter, [unknown, string, ...unknown[]]>; // by its subject
    return modifiers ? null : [operator, dimension, ...values.map(escaped)].join(",");
  }
  if (operator !== "has_done" && operator !== "has_not_done") return null;
  const [, inner, doer] = filter;
  const written = viewFilter(inner);
  if (!written?.startsWith("is,")) return null;
  const ever = operator === "has_done" ? "done_ever" : "done_never";
  return written.replace(/^is/, doer?.by === "visitor" ? ever : operator);
}

interface View {
  metric?: string;
  /** Beside those of the view that was asked about. */
  filters?: readonly Filter[];
  /** The local date of one day, instead of the period. */
  day?: string;
  /** Of the site; the Overview when left out. */
  page?: string;
  /** What the page itself takes. */
  own?: Readonly<Record<string, string>>;
}

/** What is looked at: of when, held against what, of which traffic. */
export interface Viewed extends Pick<Looking, "site" | "range" | "filters"> {
  span: { period: Period };
  compare: string;
}

export function viewLink(looking: Viewed, { metric, filters = [], day, page, own = {} }: View): string {
  const { site, range, span, compare } = looking;
  const search = new URLSearchParams();
  const preset = day === undefined && typeof range === "string" ? PRESETS[range] : undefined;
  search.set("period", preset ?? "custom");
  if (preset === undefined) {
    search.set("from", day ?? localDate(span.period.from, site.timeZone).toString());
    search.set("to", day ?? localDate(span.period.to - 1, site.timeZone).toString());
  }
  if (metric) search.set("metric", metric);
  if (compare === "year_over_year") search.set("compare", "year");
  for (const filter of [...looking.filters, ...filters]) {
    const written = viewFilter(filter);
    if (written !== null) search.append("f", written);
  }
  for (const [name, value] of Object.entries(own)) search.set(name, value);
  const query = search.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return `/sites/${encodeURIComponent(site.id)}${page ? `/${page}` : ""}?${query}`;
}
