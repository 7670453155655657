import { SCROLL_SCALE } from "../measure.ts";
import { defineMetric, ratio } from "../metric.ts";

export const scrollDepth = defineMetric({
  label: "Scroll depth",
  about: "How far down the page visitors came, their deepest points averaged.",
  unit: "percent",
  better: "higher",
  formula: "scrollDepth ÷ scrolledVisitors",
  from: ["scrollDepth", "scrolledVisitors"],
  needs: ["event:page"],
  compute: ({ scrollDepth, scrolledVisitors }) => ratio(scrollDepth / SCROLL_SCALE, scrolledVisitors),
});
