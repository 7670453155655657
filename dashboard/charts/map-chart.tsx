// The world, each country as dark as its figure is large; the list of countries says it in words.
import { exactMetric } from "../state/table-model.ts";
import { CanvasChart } from "./canvas-chart.tsx";
import type { ChartProps } from "./definition.ts";

export function MapChart({ content, title, onValue }: ChartProps<"table">) {
  const { metrics, rows } = content.figures;
  const [metric] = metrics;
  if (!metric) return null;
  const values = rows.map(({ dimensions: [country = ""], values: [value = null] }) => [country, value] as const);
  const most = values.slice(0, 3).map(([country, value]) => `${country} ${exactMetric(value, metric)}`);
  return (
    <CanvasChart
      summary={`${title} on a map; most: ${most.join(", ")}`}
      drawingKey={JSON.stringify(values)}
      load={async () => {
        const { drawMap } = await import("./map-canvas.ts");
        return (canvas) =>
          drawMap(canvas, {
            values: new Map(values),
            describe: (name, value) => `${name}: ${exactMetric(value, metric)}`,
            onPick: (country) => onValue?.("visit:country", country),
          });
      }}
    />
  );
}
