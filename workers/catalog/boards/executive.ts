import { defineBoard, panel } from "../board-template.ts";

export const executive = defineBoard({
  label: "Executive",
  about: "The few figures that say how things go, and where they come from.",
  panels: [
    panel("Visitors", ["number", 0, 0, 4, 2], { metrics: ["visitors"] }),
    panel("Visits", ["number", 4, 0, 4, 2], { metrics: ["visits"] }),
    panel("Views per visit", ["number", 8, 0, 4, 2], { metrics: ["views_per_visit"] }),
    panel("Visitors by week", ["area", 0, 2, 8, 5], { metrics: ["visitors"], dimensions: ["time:week"] }),
    panel("Channels", ["pie", 8, 2, 4, 5], { metrics: ["visits"], dimensions: ["visit:channel"] }),
    panel("Engagement by channel", ["scatter", 0, 7, 6, 5], {
      metrics: ["visits", "views_per_visit"],
      dimensions: ["visit:channel"],
    }),
    panel("Countries", ["map", 6, 7, 6, 5], { metrics: ["visitors"], dimensions: ["visit:country"] }),
  ],
});
