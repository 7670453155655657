// Figures put together by pointing: a line of metrics, a line of dimensions. `time` stands for time by whatever grain.
import type { ComponentChildren } from "preact";
import { dimensionText, isTime } from "../state/dimensions.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { useViewing } from "../state/viewing.ts";
import { Chosen } from "../ui/chosen.tsx";
import { DimensionMenu, MetricMenu } from "./choose-menus.tsx";

const MOST_DIMENSIONS = 2;

interface FigureLinesProps {
  metrics: readonly string[];
  mostMetrics?: number;
  onMetrics: (metrics: string[]) => void;
  dimensions: readonly string[];
  onDimensions: (dimensions: string[]) => void;
  /** After the dimensions. */
  children?: ComponentChildren;
}

export function FigureLines(props: FigureLinesProps) {
  const { metrics, mostMetrics = Number.POSITIVE_INFINITY, onMetrics, dimensions, onDimensions, children } = props;
  const { site } = useViewing();
  const textOf = useMetricText(site.id);
  const without = (list: readonly string[], name: string) => list.filter((one) => one !== name);
  return (
    <div class="builder">
      <div class="builder-line">
        <span class="builder-label">Show</span>
        {metrics.map((name) => (
          <Chosen
            key={name}
            label={textOf(name).label}
            onRemove={metrics.length > 1 ? () => onMetrics(without(metrics, name)) : undefined}
          />
        ))}
        {metrics.length < mostMetrics && (
          <MetricMenu siteId={site.id} without={metrics} onChoose={(name) => onMetrics([...metrics, name])} />
        )}
      </div>
      <div class="builder-line">
        <span class="builder-label">By</span>
        {dimensions.map((name) => (
          <Chosen key={name} label={dimensionText(name)} onRemove={() => onDimensions(without(dimensions, name))} />
        ))}
        {dimensions.length < MOST_DIMENSIONS && (
          <DimensionMenu
            without={dimensions.map((name) => (isTime(name) ? "time" : name))}
            onChoose={(name) => onDimensions([...dimensions, name])}
          />
        )}
        {children}
      </div>
    </div>
  );
}
