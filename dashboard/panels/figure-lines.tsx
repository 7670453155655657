// Figures put together by pointing: a line of metrics, a line of dimensions. `time` stands for time by whatever grain.
import type { ComponentChildren } from "preact";
import { dimensionText, isTime } from "../state/dimensions.ts";
import { useMetrics, useMetricText } from "../state/metric-texts.ts";
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
  const { site, view } = useViewing();
  const textOf = useMetricText(site.id);
  const named = [...dimensions, ...view.filters.map(({ dimension }) => dimension)];
  const lacking = useMetrics(site.id)
    .filter(({ name }) => metrics.includes(name))
    .map(({ label, needs = [] }) => ({ label, need: needs.find((need) => !named.includes(need)) }))
    .find(({ need }) => need !== undefined);
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
      {lacking?.need && (
        <div class="builder-line" role="status">
          <span>
            {lacking.label} is told by {dimensionText(lacking.need).toLowerCase()}, or where a filter names one.
          </span>
          <button type="button" class="button small" onClick={() => onDimensions(lacking.need ? [lacking.need] : [])}>
            Show it by {dimensionText(lacking.need).toLowerCase()}
          </button>
        </div>
      )}
    </div>
  );
}
