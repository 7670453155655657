import { defineChart } from "./definition.ts";

export const table = defineChart({
  label: "Table",
  shapes: ["totals", "timeseries", "table", "funnel", "retention", "paths", "properties"],
  load: async () => (await import("./table-chart.tsx")).TableChart,
});
