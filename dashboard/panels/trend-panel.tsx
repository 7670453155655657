// The chosen figure over the period, with the period compared with dashed beneath it. A click on a day opens that day.
import { TrendChart } from "../charts/trend-chart.tsx";
import { useAnswer } from "../state/answers.ts";
import { localStamp } from "../state/days.ts";
import { describeChange, formatBucket, formatExact, formatMetric } from "../state/format.ts";
import { METRICS, type MetricText } from "../state/metrics.ts";
import { useOverview } from "../state/overview.ts";
import { bucketPeriod, type Grain, grainsOf } from "../state/periods.ts";
import { trendGrain, trendQuestion } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { type TrendPoint, trendPoints } from "../state/trend.ts";
import { Empty, Failed } from "../ui/notice.tsx";
import { PanelTabs } from "./panel.tsx";

const GRAIN_LABEL: Record<Grain, string> = { hour: "Hour", day: "Day", week: "Week", month: "Month" };

export function GrainPicker() {
  const overview = useOverview();
  const { view, calendar, change } = overview;
  const grains = grainsOf(view.period, calendar);
  if (grains.length < 2) return null;
  const tabs = grains.map((id) => ({ id, label: GRAIN_LABEL[id] }));
  return (
    <PanelTabs
      label="Grain of the chart"
      tabs={tabs}
      chosen={trendGrain(overview)}
      onChoose={(id) => change({ grain: grains.find((grain) => grain === id) ?? "auto" }, { replace: true })}
    />
  );
}

function useTrend() {
  const overview = useOverview();
  const question = trendQuestion(overview);
  const answer = useAnswer(question);
  const asked = answer.result?.query;
  const metric = METRICS[overview.view.metric];
  // An answer to the question before would be read with the wrong unit or grain.
  const fits = asked?.metrics[0] === overview.view.metric && asked.dimensions[0] === question.dimensions?.[0];
  const grain = trendGrain(overview);
  const points =
    answer.result && fits
      ? trendPoints(answer.result, {
          grain,
          nowStamp: localStamp(Date.now(), overview.site.timeZone),
          empty: metric.unit === "count" ? 0 : null,
        })
      : null;
  return { ...answer, points, grain, metric };
}

function describing(grain: Grain, metric: MetricText) {
  const { unit, label } = metric;
  const exact = (value: number | null) => (unit === "count" ? formatExact(value) : formatMetric(value, unit));
  const describe = (point: TrendPoint) => {
    const change = describeChange(point.change, metric);
    const sign = { up: "+", down: "−", none: "" }[change?.direction ?? "none"];
    const lines = [`${label}: ${exact(point.value)}${change ? `  (${sign}${change.text})` : ""}`];
    if (point.before) lines.push(`${formatBucket(point.before.label, grain, "full")}: ${exact(point.before.value)}`);
    return { title: `${formatBucket(point.label, grain, "full")}${point.partial ? ", so far" : ""}`, lines };
  };
  return { exact, describe };
}

function NothingHere() {
  const { site, view, change } = useOverview();
  if (view.filters.length > 0) {
    return (
      <Empty title="No visit fits these filters">
        <button type="button" class="button" onClick={() => change({ filters: [] })}>
          Remove all filters
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="No visits in this period">
      Choose a longer period, or <a href={siteHref(site.id, "start")}>see that the snippet is in place</a>.
    </Empty>
  );
}

export function TrendPanel() {
  const { calendar, change } = useOverview();
  const { points, grain, metric, failure, loading, retry } = useTrend();
  if (failure) return <Failed failure={failure} onRetry={retry} />;
  if (!points) return <div class="trend trend-wait skeleton" aria-hidden="true" />;
  if (points.every(({ value, before }) => !value && !before?.value)) return <NothingHere />;
  const { exact, describe } = describing(grain, metric);
  const first = points[0]?.label ?? "";
  const last = points.at(-1)?.label ?? "";
  return (
    <div class={loading ? "faded" : ""}>
      <TrendChart
        points={points}
        drawingKey={JSON.stringify([metric.label, points])}
        summary={`${metric.label} by ${grain}, ${formatBucket(first, grain, "full")} to ${formatBucket(last, grain, "full")}`}
        axisLabel={(label) => formatBucket(label, grain, "axis")}
        axisValue={(value) => formatMetric(value, metric.unit)}
        exactValue={exact}
        describe={describe}
        wholeNumbers={metric.unit === "count"}
        onPick={({ label }) => {
          const period = bucketPeriod(label, grain, calendar);
          if (period) change({ period, grain: "auto" });
        }}
      />
    </div>
  );
}
