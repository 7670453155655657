import { defineChart } from "./definition.ts";

export const sankey = defineChart({
  label: "Flow",
  shapes: ["paths"],
  load: async () => (await import("./sankey-chart.tsx")).SankeyChart,
});
