import { defineReport } from "../report-template.ts";

export const executiveSummary = defineReport({
  label: "Executive summary",
  about: "A month on two pages: the figures, what changed and why, and how they compare.",
  report: {
    period: "month",
    sections: [
      {
        id: "figures",
        kind: "figures",
        title: "The month",
        metrics: ["visitors", "visits", "views_per_visit", "total_revenue"],
      },
      { id: "insights", kind: "insights", title: "What changed, and why" },
      {
        id: "course",
        kind: "question",
        title: "Visitors by week",
        chart: "line",
        question: { metrics: ["visitors"], dimensions: ["time:week"] },
      },
      { id: "break", kind: "page_break" },
      {
        id: "channels",
        kind: "question",
        title: "Channels",
        chart: "bar",
        question: { metrics: ["visits", "views_per_visit"], dimensions: ["visit:channel"] },
      },
      {
        id: "benchmarks",
        kind: "benchmarks",
        title: "How it compares",
        metrics: ["visitors", "bounce_rate", "visit_duration"],
      },
    ],
  },
});
