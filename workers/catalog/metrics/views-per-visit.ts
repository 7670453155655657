import { defineMetric, ratio } from "../metric.ts";

export const viewsPerVisit = defineMetric({
  label: "Views per visit",
  about: "Page views of a visit, on average.",
  unit: "ratio",
  better: "higher",
  formula: "visitPageviews ÷ visits",
  from: ["visitPageviews", "visits"],
  compute: ({ visitPageviews, visits }) => ratio(visitPageviews, visits),
});
