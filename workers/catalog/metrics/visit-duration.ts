import { defineMetric, ratio } from "../metric.ts";

export const visitDuration = defineMetric({
  label: "Visit duration",
  about: "Time from a visit's first to its last sign of life, on average.",
  unit: "seconds",
  better: "higher",
  formula: "duration ÷ visits",
  from: ["duration", "visits"],
  compute: ({ duration, visits }) => ratio(duration / 1000, visits),
});
