import { REVENUE_SCALE } from "../measure.ts";
import { defineMetric } from "../metric.ts";

/** Units of the one currency; null when there are several, since no rate of exchange is known. */
export const totalRevenue = defineMetric({
  label: "Revenue",
  about: "Sum of the amounts of events with revenue, where all are of one currency.",
  unit: "money",
  better: "higher",
  formula: "revenue",
  from: ["revenue"],
  compute: ({ revenue }) => {
    const sums = Object.values(revenue);
    return sums.length > 1 ? null : (sums[0] ?? 0) / REVENUE_SCALE;
  },
});
