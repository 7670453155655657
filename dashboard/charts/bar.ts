import { defineChart } from "./definition.ts";

export const bar = defineChart({
  label: "Bars",
  shapes: ["timeseries", "table"],
  load: async () => (await import("./series-chart.tsx")).BarChart,
});
