// What goes with an alert: its metric's last hours as a picture, and the values that most of it came from.

import { alertChart } from "../alerts/alert-chart.ts";
import { isMetric, metrics } from "../catalog/metrics/index.ts";
import type { SentMessage } from "../delivery/channel.ts";
import { line } from "../delivery/cleaned.ts";
import type { AlertRule, Incident } from "../domain/alert.ts";
import { isOfMetric } from "../domain/condition-step.ts";
import { amountOf } from "../domain/money.ts";
import { type Filter, type Query, querySchema } from "../domain/query.ts";
import type { Segment } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { hourlyQuestion, hourlySeries } from "../query/hourly.ts";
import { isRefusal } from "../query/run.ts";
import { answerSite } from "../reporting/answer-site.ts";
import { type ChartLink, sealLink } from "../store/alert-links.ts";
import { alertOwn } from "../store/alert-ports.ts";
import { findAlertRule, partOfIncident } from "../store/alert-rules.ts";
import { answerCalls } from "./calls.ts";

export interface AlertPicture {
  chart: { svg: string; code: string; until: number } | null;
  top: SentMessage["top"];
}

export const NO_PICTURE: AlertPicture = { chart: null, top: [] };

const HOURS = 48;
const DAYS = 2;
const LINK_MS = 30 * 24 * 3600_000;
const DIGITS = 4;
/** So that the link, which holds the title, stays one that services take. */
const PART_CHARS = 40;
const DIMENSIONS = { "event:page": "page", "visit:source": "source", "visit:country": "country" } as const;

interface TopAsked {
  metric: string;
  dimension: string;
  filters: Filter[];
}

const topQuestion = (siteId: string, { metric, dimension, filters }: TopAsked): Query =>
  querySchema.parse({
    site_id: siteId,
    metrics: [metric],
    filters,
    date_range: "24h",
    dimensions: [dimension],
    pagination: { limit: 1, offset: 0 },
  });

/** What passes a value of a split; null where it is of a segment that is gone. */
function filtersOfPart(
  part: string,
  { split, segments }: { split: NonNullable<AlertRule["split"]>; segments: readonly Segment[] },
): Filter[] | null {
  const { dimension } = split;
  if (dimension !== "segment") return [["is", dimension, [part]]];
  const segment = segments.find(({ name }) => name === part);
  return segment ? [["is", "segment", [String(segment.id)]]] : null;
}

/** The rule, the incident's value, and what the site has of its own. */
const RULE_CALLS = 2;
const OWN_CALLS = 3;

/** What it costs at most. */
export const pictureCalls = (site: Site): number => RULE_CALLS + OWN_CALLS + answerCalls(site);

/** Of the rule's first metric, and of a split the incident's own value; nothing where the rule or the value is gone. */
export async function alertPicture(
  env: Env,
  site: Site,
  { incident, now }: { incident: Incident; now: number },
): Promise<AlertPicture> {
  const rule = await findAlertRule(env.DB, site.id, incident.ruleId);
  const condition = rule?.conditions.find(isOfMetric);
  if (!rule || !condition) return NO_PICTURE;
  const { split } = rule;
  const part = split && (await partOfIncident(env.DB, site.id, incident));
  if (split && part === null) return NO_PICTURE;
  const { known, segments } = await alertOwn(env.DB, site.id);
  const ofPart = split && part !== null ? filtersOfPart(part, { split, segments }) : [];
  if (!ofPart) return NO_PICTURE;
  const { metric } = condition;
  const filters = [...rule.filters, ...ofPart];
  const asking = { site, metrics: [metric], days: DAYS, now };
  // All of a part is of its own value.
  const named = Object.entries(DIMENSIONS).filter(([dimension]) => dimension !== split?.dimension);
  const questions = [
    hourlyQuestion([metric], asking, { filters }),
    ...named.map(([dimension]) => topQuestion(site.id, { metric, dimension, filters })),
  ];
  const answers = await answerSite(env, site, { questions, customMetrics: known, segments, now });
  // A question may be refused, such as of a metric that was removed since.
  const [hours, ...tops] = answers.map((answer) => (isRefusal(answer) ? null : answer));
  const top = tops.flatMap((answer, place) => {
    const [row] = answer?.results ?? [];
    const value = row?.dimensions[0];
    const amount = row && amountOf(row.metrics[0]);
    if (!value || !amount) return [];
    return [`Top ${named[place]![1]}, last 24 h: ${value} (${Number(amount.toPrecision(DIGITS))})`];
  });
  const series = hours ? hourlySeries(hours, { ...asking, known }).get(metric) : undefined;
  if (!series || series.values.length === 0) return { chart: null, top };
  const values = series.values.slice(-HOURS).map((value) => value && Number(value.toPrecision(DIGITS)));
  const of = part === null ? "" : ` of ${line(part, PART_CHARS)}`;
  const facts: ChartLink = {
    title: `${isMetric(metric) ? metrics[metric].label : metric}${of}, last ${values.length} hours`,
    start: series.start + (series.values.length - values.length) * series.step,
    step: series.step,
    timeZone: site.timeZone,
    values,
    threshold: condition.kind === "threshold" ? condition.value : null,
    until: now + LINK_MS,
  };
  const { until } = facts;
  return { chart: { svg: alertChart(facts), code: await sealLink(env, "chart", facts), until }, top };
}
