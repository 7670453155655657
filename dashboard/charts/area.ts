import { defineChart } from "./definition.ts";
import { loadSeries } from "./load-series.ts";

export const area = defineChart({
  label: "Area",
  shapes: ["timeseries"],
  load: async () => (await loadSeries()).AreaChart,
});
