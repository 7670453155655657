import { defineChart } from "./definition.ts";

export const funnel = defineChart({
  label: "Funnel",
  shapes: ["funnel"],
  load: async () => (await import("./funnel-chart.tsx")).FunnelChart,
});
