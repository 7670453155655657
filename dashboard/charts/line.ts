import { defineChart } from "./definition.ts";

export const line = defineChart({
  label: "Line",
  shapes: ["timeseries"],
  load: async () => (await import("./series-chart.tsx")).LineChart,
});
