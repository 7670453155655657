import { defineMetric, ratio } from "../metric.ts";

export const timeOnPage = defineMetric({
  label: "Time on page",
  about: "Attention given to the page per visit that gave any.",
  unit: "seconds",
  better: "higher",
  formula: "engagement ÷ engagedVisits",
  from: ["engagement", "engagedVisits"],
  needs: ["event:page"],
  compute: ({ engagement, engagedVisits }) => ratio(engagement / 1000, engagedVisits),
});
