import { defineMetric, percent } from "../metric.ts";

export const bounceRate = defineMetric({
  label: "Bounce rate",
  about: "Share of visits with exactly one page view.",
  unit: "percent",
  better: "lower",
  formula: "100 × bounces ÷ visits",
  from: ["bounces", "visits"],
  compute: ({ bounces, visits }) => percent(bounces, visits),
});
