import { defineReport } from "../report-template.ts";

export const weeklySiteSummary = defineReport({
  label: "Weekly site summary",
  about: "How many came in a week, where from, what they saw, and what changed.",
  report: {
    period: "7d",
    sections: [
      {
        id: "figures",
        kind: "figures",
        title: "The week",
        metrics: ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"],
      },
      { id: "insights", kind: "insights", title: "What changed" },
      {
        id: "course",
        kind: "question",
        title: "Visitors by day",
        chart: "bar",
        question: { metrics: ["visitors"], dimensions: ["time:day"] },
      },
      {
        id: "pages",
        kind: "question",
        title: "Pages",
        chart: "table",
        question: { metrics: ["visitors", "pageviews"], dimensions: ["event:page"] },
      },
      {
        id: "sources",
        kind: "question",
        title: "Sources",
        chart: "bar",
        question: { metrics: ["visitors"], dimensions: ["visit:source"] },
      },
      {
        id: "countries",
        kind: "question",
        title: "Countries",
        chart: "bar",
        question: { metrics: ["visitors"], dimensions: ["visit:country"] },
      },
    ],
  },
});
