import { defineMetric, percent } from "../metric.ts";

export const percentage = defineMetric({
  label: "Share of visitors",
  about: "The group's visitors among all visitors of the period.",
  unit: "percent",
  better: "neither",
  formula: "100 × visitors ÷ visitors of the period",
  from: ["visitors"],
  base: "period",
  compute: ({ visitors }, all) => percent(visitors, all.visitors),
});
