// The six figures of the period with their change; each chooses what the trend shows.

import { amountOf } from "../../workers/domain/money.ts";
import { useAnswer } from "../state/answers.ts";
import { formatExact, formatMetric } from "../state/format.ts";
import { METRIC_NAMES, METRICS, type MetricName } from "../state/metrics.ts";
import { shownMetrics, totalsQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";
import { Change } from "../ui/change.tsx";
import { Failed } from "../ui/notice.tsx";

interface Figures {
  now: number | null;
  before: number | null | undefined;
  change: number | null | undefined;
}

function Card({ name, figures, loading }: { name: MetricName; figures: Figures | null; loading: boolean }) {
  const { view, change, set } = useViewing();
  const shown = shownMetrics(view);
  const choose = (event: MouseEvent) => {
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) {
      return change(({ own: { also: _, ...own } }) => ({ metric: name, own }), { replace: true });
    }
    const beside = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
    const [first = name, ...others] = beside;
    change({ metric: first }, { replace: true });
    set({ also: others.length > 0 ? others.join(",") : null }, { replace: true });
  };
  const { label, about, unit } = METRICS[name];
  return (
    <button
      type="button"
      class={loading ? "stat faded" : "stat"}
      aria-pressed={shown.includes(name)}
      title={`${about} Shift-click to show it beside others.`}
      onClick={choose}
    >
      <span class="stat-label">{label}</span>
      {figures ? (
        <>
          <span class="stat-value" title={unit === "count" ? formatExact(figures.now) : undefined}>
            {formatMetric(figures.now, { unit })}
          </span>
          <span class="stat-change">
            <Change change={figures.change} metric={METRICS[name]} />
            {typeof figures.before === "number" && (
              <span class="stat-before">from {formatMetric(figures.before, { unit })}</span>
            )}
          </span>
        </>
      ) : (
        <span class="stat-value stat-empty" aria-hidden="true" />
      )}
    </button>
  );
}

export function StatCards() {
  const viewing = useViewing();
  const { result, failure, loading, retry } = useAnswer(totalsQuestion(viewing));
  if (failure) return <Failed failure={failure} onRetry={retry} />;
  const row = result?.results[0];
  const figures = (i: number): Figures | null =>
    result && {
      now: amountOf(row?.metrics[i]),
      before: row?.comparison && amountOf(row.comparison.metrics[i]),
      change: row?.comparison?.change[i],
    };
  return (
    <fieldset class="stats" aria-label="Figures of the period; choose one for the chart">
      {METRIC_NAMES.map((name, i) => (
        <Card key={name} name={name} figures={figures(i)} loading={loading} />
      ))}
    </fieldset>
  );
}
