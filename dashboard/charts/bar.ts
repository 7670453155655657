import { defineChart } from "./definition.ts";
import { loadSeries } from "./load-series.ts";

export const bar = defineChart({
  label: "Bars",
  shapes: ["timeseries", "table"],
  load: async () => (await loadSeries()).BarChart,
});
