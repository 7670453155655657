import { defineChart } from "./definition.ts";

export const stacked = defineChart({
  label: "Stacked bars",
  shapes: ["timeseries", "table"],
  load: async () => (await import("./series-chart.tsx")).StackedChart,
});
