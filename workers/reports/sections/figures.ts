// Metrics of the period, and KPIs as they stand where it ends.
import type { Kpi, KpiStatus } from "../../catalog/kpi.ts";
import { moneyOf } from "../../domain/money.ts";
import { querySchema } from "../../domain/query.ts";
import type { Question } from "../../domain/question.ts";
import type { ReportBlock, ReportFigure } from "../../domain/report-document.ts";
import { changeOf } from "../../query/format.ts";
import { kpiHistory, kpiQuestion } from "../../query/kpi.ts";
import { isRefusal } from "../../query/run.ts";
import { figuresOf } from "../answer-blocks.ts";
import { percentText } from "../figure-text.ts";
import { changeText, changeTone, shownValue } from "../metric-told.ts";
import { type Answer, defineSection, type Making, problem, refusalText } from "../section.ts";
import { viewLink } from "../view-link.ts";

function metricQuestion(metrics: string[], { site, range, compare, filters }: Making): Question {
  const include = { trim_relative_date_range: true, ...(compare && { comparisons: compare }) };
  return { ...querySchema.parse({ site_id: site.id, metrics, date_range: range, include }), filters: [...filters] };
}

const STATUS: Readonly<Record<KpiStatus, string>> = {
  met: "met",
  near: "nearly met",
  missed: "missed",
  unknown: "not known",
};

/** The KPI's own period in which the report's ends, against the one before. */
function kpiFigure(kpi: Kpi, answer: Answer, { site, own }: Making): ReportFigure | ReportBlock {
  if (isRefusal(answer)) return problem(`${kpi.name}: ${refusalText(answer.errors)}`);
  if ("shape" in answer) throw new Error("a KPI was answered by an analysis");
  const [before, now] = kpiHistory(kpi, answer, own.customMetrics);
  const { currency } = site;
  const amount = (value: number | null) =>
    value !== null && kpi.unit === "money" && currency !== null ? moneyOf(value, currency) : value;
  const change = changeOf(kpi.unit, now?.value ?? null, before?.value ?? null);
  const goal = shownValue(amount(now?.target ?? null), kpi.unit);
  const part = now?.value == null || now.target === 0 ? "" : `${percentText((100 * now.value) / now.target)} of `;
  const shown = shownValue(amount(now?.value ?? null), kpi.unit);
  return {
    label: `${kpi.name}, ${kpi.every} from ${now?.since ?? ""}`,
    now: shown,
    before: shownValue(amount(before?.value ?? null), kpi.unit),
    change: changeText(change, kpi.unit),
    tone: changeTone(change, kpi),
    target: `${part}${goal.text}, ${STATUS[now?.status ?? "unknown"]}`,
  };
}

export const figures = defineSection("figures", {
  label: "Figures",
  about: "Metrics against the period before, and KPIs against their targets.",
  async make({ metrics, kpis: named }, making) {
    const { site, own, span, now } = making;
    const kpis = named.flatMap((id) => own.kpis.find((kpi) => kpi.id === id) ?? []);
    const end = Math.min(now, span.period.to - 1);
    const asked = [
      ...(metrics.length > 0 ? [metricQuestion(metrics, making)] : []),
      ...kpis.map((kpi) => kpiQuestion(kpi, { site, now: end, periods: 2 })),
    ];
    const answers = await making.ask(asked);
    const first = metrics.length > 0 ? answers[0] : undefined;
    const isRefused = first !== undefined && isRefusal(first);
    const ofMetrics = first && !isRefused && !("shape" in first) ? figuresOf(first, own.customMetrics) : [];
    const ofKpis = kpis.map((kpi, place) => kpiFigure(kpi, answers[place + (first ? 1 : 0)]!, making));
    const shown = [...ofMetrics, ...ofKpis.filter((one) => "label" in one)];
    const gone = named.length - kpis.length;
    const blocks: ReportBlock[] = [
      ...(shown.length > 0 ? [{ kind: "figures", figures: shown } as const] : []),
      ...(isRefused ? [problem(refusalText(first.errors))] : []),
      ...ofKpis.filter((one) => "kind" in one),
      ...(gone > 0 ? [problem(`${gone} of the KPIs are no longer there; choose others.`)] : []),
    ];
    const viewed = { ...making, compare: making.compare?.mode ?? "none" };
    return [{ title: "", blocks, path: viewLink(viewed, metrics.length > 0 ? {} : { page: "executive" }) }];
  },
});
