import { defineBoard, panel } from "../board-template.ts";

export const product = defineBoard({
  label: "Product engagement",
  about: "How many use the product, what they do there, and whether they come back.",
  panels: [
    panel("Users", ["number", 0, 0, 4, 2], { metrics: ["users"] }),
    panel("Visitors", ["number", 4, 0, 4, 2], { metrics: ["visitors"] }),
    panel("Events", ["number", 8, 0, 4, 2], { metrics: ["events"] }),
    panel("Users by day", ["area", 0, 2, 8, 5], { metrics: ["users"], dimensions: ["time:day"] }),
    panel("Devices", ["pie", 8, 2, 4, 5], { metrics: ["visitors"], dimensions: ["visit:device"] }),
    panel("Events over time", ["stacked", 0, 7, 6, 5], {
      metrics: ["events"],
      dimensions: ["time:day", "event:name"],
      filters: [["is_not", "event:name", ["pageview"]]],
    }),
    panel("Features used", ["bar", 6, 7, 6, 5], {
      metrics: ["events", "visitors"],
      dimensions: ["event:props:feature"],
      filters: [["is", "event:name", ["feature_used"]]],
      pagination: { limit: 15 },
    }),
    panel("Coming back", ["heat_map", 0, 12, 12, 6], {
      analysis: "retention",
      params: { cohort: { filter: ["contains", "event:name", [""]] }, granularity: "week", by: "user" },
    }),
  ],
});
