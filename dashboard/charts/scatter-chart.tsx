// One metric against another, a point for each value of the dimension.
import { valueText } from "../state/dimensions.ts";
import { formatMetric } from "../state/format.ts";
import { exactMetric } from "../state/table-model.ts";
import { CanvasChart } from "./canvas-chart.tsx";
import type { ChartProps } from "./definition.ts";

export function ScatterChart({ content, title, onValue }: ChartProps<"table">) {
  const { metrics, rows, dimensions } = content.figures;
  const [across, up] = metrics;
  if (!across || !up) return null;
  const [dimension = ""] = dimensions;
  const points = rows.flatMap(({ dimensions: [value = ""], values: [x, y] }) =>
    typeof x === "number" && typeof y === "number" ? [{ value, name: valueText(dimension, value), x, y }] : [],
  );
  return (
    <CanvasChart
      summary={`${title}: ${up.label} against ${across.label}, ${points.length} points`}
      drawingKey={JSON.stringify([across.name, up.name, points])}
      load={async () => {
        const { drawScatter } = await import("./scatter-canvas.ts");
        return (canvas) =>
          drawScatter(canvas, {
            points,
            across: { label: across.label, text: (value) => formatMetric(value, across) },
            up: { label: up.label, text: (value) => formatMetric(value, up) },
            lines: ({ x, y }) => [`${across.label}: ${exactMetric(x, across)}`, `${up.label}: ${exactMetric(y, up)}`],
            onPick: ({ value }) => onValue?.(dimension, value),
          });
      }}
    />
  );
}
