import { defineChart } from "./definition.ts";

export const area = defineChart({
  label: "Area",
  shapes: ["timeseries"],
  load: async () => (await import("./series-chart.tsx")).AreaChart,
});
