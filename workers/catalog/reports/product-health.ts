import { defineReport } from "../report-template.ts";

export const productHealth = defineReport({
  label: "Product health",
  about: "How many use the product, which features, whether they come back, and what fails.",
  report: {
    period: "28d",
    sections: [
      { id: "figures", kind: "figures", title: "Use", metrics: ["users", "visitors", "events", "visit_duration"] },
      {
        id: "course",
        kind: "question",
        title: "Users by day",
        chart: "line",
        question: { metrics: ["users"], dimensions: ["time:day"] },
      },
      {
        id: "features",
        kind: "question",
        title: "Features used",
        chart: "bar",
        question: {
          metrics: ["events", "visitors"],
          dimensions: ["event:props:feature"],
          filters: [["is", "event:name", ["feature_used"]]],
        },
      },
      {
        id: "retention",
        kind: "question",
        title: "Coming back",
        chart: "heat_map",
        question: {
          analysis: "retention",
          params: { cohort: { filter: ["contains", "event:name", [""]] }, granularity: "week", by: "user" },
        },
      },
      {
        id: "errors",
        kind: "question",
        title: "Errors",
        chart: "table",
        question: {
          metrics: ["events", "visitors"],
          dimensions: ["event:props:message"],
          filters: [["is", "event:name", ["error_occurred"]]],
        },
      },
    ],
  },
});
