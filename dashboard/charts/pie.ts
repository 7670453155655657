import { defineChart } from "./definition.ts";

export const pie = defineChart({
  label: "Pie",
  shapes: ["table"],
  fits: (content) => content.figures.dimensions.length === 1,
  load: async () => (await import("./pie-chart.tsx")).PieChart,
});
