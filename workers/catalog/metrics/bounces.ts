import { defineMetric } from "../metric.ts";

export const bounces = defineMetric({
  label: "Bounces",
  about: "Visits with exactly one page view.",
  unit: "count",
  better: "lower",
  formula: "bounces",
  from: ["bounces"],
  compute: ({ bounces }) => bounces,
});
