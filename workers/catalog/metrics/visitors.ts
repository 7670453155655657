import { defineMetric } from "../metric.ts";

export const visitors = defineMetric({
  label: "Visitors",
  about: "Distinct visitors with an event in the period.",
  unit: "count",
  better: "higher",
  formula: "visitors",
  from: ["visitors"],
  compute: ({ visitors }) => visitors,
});
