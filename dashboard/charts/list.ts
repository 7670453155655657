import { defineChart } from "./definition.ts";

export const list = defineChart({
  label: "List",
  shapes: ["table", "properties"],
  fits: (content) => content.shape !== "table" || content.figures.dimensions.length === 1,
  load: async () => (await import("./list-chart.tsx")).ListChart,
});
