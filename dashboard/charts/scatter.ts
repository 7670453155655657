import { defineChart } from "./definition.ts";

export const scatter = defineChart({
  label: "Scatter",
  shapes: ["table"],
  fits: (content) => content.figures.metrics.length > 1,
  load: async () => (await import("./scatter-chart.tsx")).ScatterChart,
});
