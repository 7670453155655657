import { defineMetric } from "../metric.ts";

export const visits = defineMetric({
  label: "Visits",
  about: "Sessions begun in the period; half an hour of silence ends one.",
  unit: "count",
  better: "higher",
  formula: "visits",
  from: ["visits"],
  compute: ({ visits }) => visits,
});
