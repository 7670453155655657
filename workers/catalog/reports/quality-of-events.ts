import { defineReport } from "../report-template.ts";

export const qualityOfEvents = defineReport({
  label: "Data quality",
  about: "How far the figures can be relied on: the score, what the checks found, and what comes in.",
  report: {
    period: "7d",
    sections: [
      { id: "quality", kind: "quality", title: "The data" },
      {
        id: "course",
        kind: "question",
        title: "Events by day",
        chart: "bar",
        question: { metrics: ["events"], dimensions: ["time:day"] },
      },
      {
        id: "names",
        kind: "question",
        title: "Events by name",
        chart: "table",
        question: { metrics: ["events", "visitors"], dimensions: ["event:name"] },
        rows: 20,
      },
      {
        id: "properties",
        kind: "question",
        title: "Properties",
        chart: "table",
        question: { analysis: "properties" },
        rows: 20,
      },
    ],
  },
});
