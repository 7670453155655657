import { defineBoard, panel } from "../board-template.ts";

export const web = defineBoard({
  label: "Web overview",
  about: "Who comes to the site, from where, and what they look at.",
  panels: [
    panel("Visitors", ["number", 0, 0, 3, 2], { metrics: ["visitors"] }),
    panel("Visits", ["number", 3, 0, 3, 2], { metrics: ["visits"] }),
    panel("Page views", ["number", 6, 0, 3, 2], { metrics: ["pageviews"] }),
    panel("Bounce rate", ["number", 9, 0, 3, 2], { metrics: ["bounce_rate"] }),
    panel("Visitors and page views over time", ["line", 0, 2, 12, 5], {
      metrics: ["visitors", "pageviews"],
      dimensions: ["time"],
    }),
    panel("Channels", ["pie", 0, 7, 4, 5], { metrics: ["visits"], dimensions: ["visit:channel"] }),
    panel("Sources", ["bar", 4, 7, 4, 5], {
      metrics: ["visitors"],
      dimensions: ["visit:source"],
      pagination: { limit: 10 },
    }),
    panel("Countries", ["map", 8, 7, 4, 5], { metrics: ["visitors"], dimensions: ["visit:country"] }),
    panel("Pages", ["table", 0, 12, 6, 6], {
      // Of what is rolled up: a board is looked at by many, and often.
      metrics: ["visitors", "pageviews"],
      dimensions: ["event:page"],
      pagination: { limit: 50 },
    }),
    panel("Ways through the site", ["sankey", 6, 12, 6, 6], { analysis: "paths", params: { depth: 3, limit: 6 } }),
  ],
});
