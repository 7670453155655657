import { defineMetric } from "../metric.ts";

export const events = defineMetric({
  label: "Events",
  about: "Page views and custom events.",
  unit: "count",
  better: "higher",
  formula: "events",
  from: ["events"],
  compute: ({ events }) => events,
});
