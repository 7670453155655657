import { defineMetric, percent } from "../metric.ts";

export const conversionRate = defineMetric({
  label: "Conversion rate",
  about: "Visitors who reached the goal among all visitors.",
  unit: "percent",
  better: "higher",
  formula: "100 × visitors ÷ visitors of the period, goals left out",
  from: ["visitors"],
  base: "unconverted",
  needs: ["event:goal"],
  compute: ({ visitors }, all) => percent(visitors, all.visitors),
});
