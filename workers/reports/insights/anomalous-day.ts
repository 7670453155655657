// Days of the period that were not what the weeks before let expect.
import { metrics } from "../../catalog/metrics/index.ts";
import { periodOf } from "../../domain/period.ts";
import { dateRangeSchema } from "../../domain/query.ts";
import { type ExpectedPoint, expectedRange } from "../../query/expected-range.ts";
import { questionOf } from "../../query/product.ts";
import { median } from "../../stats/median.ts";
import { figure } from "../figure-text.ts";
import type { Insight, InsightKind, Overview } from "../insight.ts";
import { toneOf } from "../told.ts";
import { viewLink } from "../view-link.ts";

const MOST_TOLD = 2;
/** Of what a day is off, so much it must be off the middle of its own period too: else the level changed, which is told by itself. */
const OFF_ITS_PERIOD = 0.8;
const METRIC = "visitors";
const { label, unit, better } = metrics[METRIC];

const dayText = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", {
    ...{ weekday: "long", day: "numeric", month: "long", timeZone: "UTC" },
  });

interface Strange extends ExpectedPoint {
  value: number;
  low: number;
  high: number;
  expected: number;
}

function strangeDays(overview: Overview): Strange[] {
  const { site, span, now } = overview;
  const values = new Map(overview.days.map(({ date, values: of }) => [date, of[METRIC] ?? null]));
  const { points } = expectedRange({
    ...{ grain: "day", timeZone: site.timeZone, period: span.period, now, unit },
    valueAt: (date) => values.get(date) ?? null,
  });
  const middle = median(points.flatMap(({ value }) => value ?? []));
  return points.flatMap((point) => {
    const { value, low, high, expected, anomalous, reason } = point;
    if (!anomalous || (reason !== "spike" && reason !== "drop")) return [];
    if (value === null || low === null || high === null || expected === null) return [];
    const isOff = Math.abs(value - middle) >= OFF_ITS_PERIOD * Math.abs(value - expected);
    return isOff ? [{ ...point, value, low, high, expected }] : [];
  });
}

function insightOf(overview: Overview, { time, value, low, high, expected }: Strange): Insight {
  const { site, filters, now } = overview;
  const day = periodOf(dateRangeSchema.parse([time, time]), { now, timeZone: site.timeZone });
  if ("problem" in day) throw new Error(day.problem);
  const query = questionOf(day, { site_id: site.id, metrics: [METRIC], filters: [...filters] });
  const told = { metric: METRIC, unit };
  const figures = [
    figure("now", value, { ...told, query }),
    figure("low", low, told),
    figure("high", high, told),
  ] as const;
  const [one, least, most] = figures;
  const all = overview.days.slice(overview.historyDays).reduce((sum, { values }) => sum + (values[METRIC] ?? 0), 0);
  return {
    kind: "anomalous_day",
    metric: METRIC,
    text: `${dayText(time)} had ${one.text} ${label.toLowerCase()}; ${least.text} to ${most.text} were to be expected.`,
    tone: toneOf(better, value > expected),
    matters: Math.abs(value - expected) / Math.max(all, expected),
    figures: [...figures],
    cause: null,
    link: viewLink(overview, { metric: METRIC, day: time }),
  };
}

export const anomalousDay: InsightKind = {
  label: "Day out of the ordinary",
  about: "A day had far more or far fewer visitors than the weeks before let expect.",
  ask: () => [],
  find: (overview) =>
    strangeDays(overview)
      .map((day) => insightOf(overview, day))
      .toSorted((a, b) => b.matters - a.matters)
      .slice(0, MOST_TOLD),
};
