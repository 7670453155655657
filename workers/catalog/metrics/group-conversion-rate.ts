import { defineMetric, percent } from "../metric.ts";

export const groupConversionRate = defineMetric({
  label: "Group conversion rate",
  about: "Visitors who reached the goal among the visitors of the same group.",
  unit: "percent",
  better: "higher",
  formula: "100 × visitors ÷ visitors of the group, goals left out",
  from: ["visitors"],
  base: "unconverted_group",
  needs: ["event:goal"],
  compute: ({ visitors }, group) => percent(visitors, group.visitors),
});
