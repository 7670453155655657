// Shares of a whole: the largest slices, all others as one, and every one with its number beside it.
import { valueText } from "../state/dimensions.ts";
import { formatMetric, formatPercent } from "../state/format.ts";
import { CanvasChart } from "./canvas-chart.tsx";
import type { ChartProps } from "./definition.ts";

/** The last is all others. */
const SLICES = 8;

interface Slice {
  name: string;
  value: number;
}

function slicesOf({ figures }: ChartProps<"table">["content"]): Slice[] {
  const dimension = figures.dimensions[0] ?? "";
  const all = figures.rows
    .map(({ dimensions, values }) => ({ name: valueText(dimension, dimensions[0] ?? ""), value: values[0] ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  if (all.length <= SLICES) return all;
  const rest = all.slice(SLICES - 1).reduce((sum, { value }) => sum + value, 0);
  return [...all.slice(0, SLICES - 1), { name: "All others", value: rest }];
}

export function PieChart({ content, title }: ChartProps<"table">) {
  const slices = slicesOf(content);
  const whole = slices.reduce((sum, { value }) => sum + value, 0);
  const metric = content.figures.metrics[0] ?? { unit: "count" };
  const share = (value: number) => formatPercent(whole > 0 ? (100 * value) / whole : null);
  return (
    <div class="pie">
      <CanvasChart
        summary={`${title}: ${slices.map(({ name, value }) => `${name} ${share(value)}`).join(", ")}`}
        drawingKey={JSON.stringify(slices)}
        load={async () => {
          const { drawPie } = await import("./pie-canvas.ts");
          return (canvas) =>
            drawPie(canvas, slices, ({ name, value }) => `${name}: ${formatMetric(value, metric)} (${share(value)})`);
        }}
      />
      <ul class="pie-legend">
        {slices.map(({ name, value }, i) => (
          <li key={name}>
            <span class="legend-mark" style={{ background: `var(--series-${(i % 8) + 1})` }} />
            <span class="value">{name}</span>
            <b>{formatMetric(value, metric)}</b>
            <span class="faint">{share(value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
