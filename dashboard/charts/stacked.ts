import { defineChart } from "./definition.ts";
import { loadSeries } from "./load-series.ts";

export const stacked = defineChart({
  label: "Stacked bars",
  shapes: ["timeseries", "table"],
  // Sums of different units say nothing, and one part is no stack.
  fits: ({ figures: { dimensions, metrics } }) =>
    dimensions.length === 2 || (metrics.length > 1 && new Set(metrics.map(({ unit }) => unit)).size === 1),
  load: async () => (await loadSeries()).StackedChart,
});
