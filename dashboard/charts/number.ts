import { defineChart } from "./definition.ts";

export const number = defineChart({
  label: "Number",
  shapes: ["totals"],
  load: async () => (await import("./number-chart.tsx")).NumberChart,
});
