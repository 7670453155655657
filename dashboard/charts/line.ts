import { defineChart } from "./definition.ts";
import { loadSeries } from "./load-series.ts";

export const line = defineChart({
  label: "Line",
  shapes: ["timeseries"],
  load: async () => (await loadSeries()).LineChart,
});
