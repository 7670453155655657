import { defineMetric } from "../metric.ts";

export const pageviews = defineMetric({
  label: "Page views",
  about: "Pages seen.",
  unit: "count",
  better: "higher",
  formula: "pageviews",
  from: ["pageviews"],
  compute: ({ pageviews }) => pageviews,
});
