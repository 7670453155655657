// Totals as big numbers, each with its change and, where there is but one, its course over the period.
import type { QueryInput } from "../../workers/domain/query.ts";
import { useAnswer } from "../state/answers.ts";
import { courseQuestion } from "../state/board-questions.ts";
import { contentOf, isAnalysis } from "../state/content.ts";
import { formatMetric } from "../state/format.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { exactMetric } from "../state/table-model.ts";
import { Change } from "../ui/change.tsx";
import type { ChartProps } from "./definition.ts";
import { Sparkline } from "./sparkline.tsx";

function Course({ asked }: { asked: QueryInput }) {
  const textOf = useMetricText(asked.site_id);
  const { result } = useAnswer(courseQuestion(asked));
  const content = result && contentOf(result, textOf);
  if (content?.shape !== "timeseries" || (content.figures.buckets?.length ?? 0) < 3) return null;
  const byDay = new Map(content.figures.rows.map(({ dimensions, values }) => [dimensions[0], values[0] ?? 0]));
  return <Sparkline values={(content.figures.buckets ?? []).map((day) => byDay.get(day) ?? 0)} />;
}

export function NumberChart({ content, asked }: ChartProps<"totals">) {
  const { metrics, rows } = content.figures;
  const [row] = rows;
  return (
    <div class="numbers">
      {metrics.map((metric, i) => {
        const value = row?.values[i] ?? null;
        const before = row?.before?.values[i];
        return (
          <div key={metric.name} class="number">
            {metrics.length > 1 && <span class="number-label">{metric.label}</span>}
            <span class="number-value" title={exactMetric(value, metric)}>
              {formatMetric(value, metric)}
            </span>
            <span class="stat-change">
              <Change change={row?.change[i]} metric={metric} />
              {typeof before === "number" && <span class="stat-before">from {formatMetric(before, metric)}</span>}
            </span>
          </div>
        );
      })}
      {metrics.length === 1 && !isAnalysis(asked) && <Course asked={asked} />}
    </div>
  );
}
