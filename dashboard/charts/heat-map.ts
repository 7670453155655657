import { defineChart } from "./definition.ts";

export const heatMap = defineChart({
  label: "Heat map",
  shapes: ["table", "retention"],
  fits: (content) => content.shape !== "table" || content.figures.dimensions.length === 2,
  load: async () => (await import("./heat-map-chart.tsx")).HeatMapChart,
});
