import { defineChart } from "./definition.ts";

export const map = defineChart({
  label: "Map",
  shapes: ["table"],
  fits: ({ figures: { dimensions } }) => dimensions.length === 1 && dimensions[0] === "visit:country",
  load: async () => (await import("./map-chart.tsx")).MapChart,
});
