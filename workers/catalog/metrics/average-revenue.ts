import { REVENUE_SCALE } from "../measure.ts";
import { defineMetric, ratio } from "../metric.ts";

/** Units of the one currency; null when there are several, since no rate of exchange is known. */
export const averageRevenue = defineMetric({
  label: "Average revenue",
  about: "Amount of an event with revenue, on average, where all are of one currency.",
  unit: "money",
  better: "higher",
  formula: "revenue ÷ payments",
  from: ["revenue", "payments"],
  compute: ({ revenue, payments }) => {
    const sums = Object.values(revenue);
    return sums.length > 1 ? null : ratio((sums[0] ?? 0) / REVENUE_SCALE, payments);
  },
});
