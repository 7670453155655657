// The chosen figure over the period, with the period compared with dashed beneath it. A click on a day opens that day.
import { useEffect, useState } from "preact/hooks";
import { Chart, loadChart } from "../charts/chart.tsx";
import { dayOf, useAnnotations } from "../state/annotations.ts";
import { useAnswer } from "../state/answers.ts";
import { contentOf, isEmpty } from "../state/content.ts";
import { useFiringMarks } from "../state/incidents.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { METRICS } from "../state/metrics.ts";
import { bucketPeriod, daysOf, type Grain, grainsOf } from "../state/periods.ts";
import { shownMetrics, trendGrain, trendQuestion } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed } from "../ui/notice.tsx";
import { AnnotationList } from "./annotation-list.tsx";
import { ExpectedNote, ExpectedSwitch, useExpectedRange } from "./expected-switch.tsx";
import { PanelTabs } from "./panel.tsx";

const GRAIN_LABEL: Record<Grain, string> = { hour: "Hour", day: "Day", week: "Week", month: "Month" };

export function GrainPicker() {
  const viewing = useViewing();
  const { view, calendar, change } = viewing;
  const grains = grainsOf(view.period, calendar);
  if (grains.length < 2) return null;
  const tabs = grains.map((id) => ({ id, label: GRAIN_LABEL[id] }));
  return (
    <PanelTabs
      label="Grain of the chart"
      tabs={tabs}
      chosen={trendGrain(viewing)}
      onChoose={(id) => change({ grain: grains.find((grain) => grain === id) ?? "auto" }, { replace: true })}
    />
  );
}

function NothingHere() {
  const { site, view, change } = useViewing();
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
  const viewing = useViewing();
  const { site, view, calendar, change } = viewing;
  const question = trendQuestion(viewing);
  const { result, failure, loading, retry } = useAnswer(question);
  useEffect(() => loadChart("line"), []);
  const textOf = useMetricText(site.id);
  const [asTable, setAsTable] = useState(false);
  const [from, to] = daysOf(view.period, calendar);
  const expected = useExpectedRange(question);
  const noted = useAnnotations(site.id, { from, to });
  const fired = useFiringMarks(site, question.metrics);
  if (failure) return <Failed failure={failure} onRetry={retry} />;
  // An answer to the question before would be read with the wrong unit or grain.
  const fits =
    result?.query.metrics.join() === question.metrics.join() && result.query.dimensions[0] === question.dimensions?.[0];
  if (!result || !fits) return <div class="trend trend-wait skeleton" aria-hidden="true" />;
  const content = contentOf(result, textOf);
  if (isEmpty(content)) return <NothingHere />;
  return (
    <figure class={loading ? "trend faded" : "trend"}>
      <Chart
        name={asTable ? "table" : "line"}
        content={content}
        title={shownMetrics(view)
          .map((name) => METRICS[name].label)
          .join(", ")}
        asked={question}
        timeZone={site.timeZone}
        marks={[...noted.map((one) => ({ day: dayOf(one, site.timeZone), text: one.text })), ...fired]}
        expected={expected.points}
        onBucket={(label, grain) => {
          const period = bucketPeriod(label, grain, calendar);
          if (period) change({ period, grain: "auto" });
        }}
      />
      <ExpectedNote {...expected} />
      <div class="trend-foot">
        <button type="button" class="button quiet small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon name="table" size={14} />
          {asTable ? "Show as chart" : "Show as table"}
        </button>
        <ExpectedSwitch {...expected} />
        <AnnotationList site={site} annotations={noted} day={calendar.today} />
      </div>
    </figure>
  );
}
