import type { NewReportInput } from "../../domain/report.ts";
import { defineReport } from "../report-template.ts";

type Question = Extract<NonNullable<NewReportInput["sections"]>[number], { kind: "question" }>["question"];

const orders = (question: Pick<Extract<Question, { metrics: unknown }>, "metrics" | "dimensions">): Question => ({
  ...question,
  filters: [["is", "event:name", ["order_completed"]]],
});

export const marketplace = defineReport({
  label: "Marketplace",
  about: "Orders and revenue, by category and seller, from the listing to the order, and what was given back.",
  report: {
    period: "28d",
    sections: [
      { id: "figures", kind: "figures", title: "Trade", metrics: ["visitors", "total_revenue", "average_revenue"] },
      {
        id: "course",
        kind: "question",
        title: "Orders by day",
        chart: "bar",
        question: orders({ metrics: ["events"], dimensions: ["time:day"] }),
      },
      {
        id: "categories",
        kind: "question",
        title: "Categories viewed",
        chart: "bar",
        question: {
          metrics: ["visitors"],
          dimensions: ["event:props:category"],
          filters: [["is", "event:name", ["listing_viewed"]]],
        },
      },
      {
        id: "sellers",
        kind: "question",
        title: "Sellers",
        chart: "table",
        question: orders({ metrics: ["events", "total_revenue"], dimensions: ["event:props:seller_id"] }),
      },
      {
        id: "funnel",
        kind: "question",
        title: "From the listing to the order",
        chart: "funnel",
        question: {
          analysis: "funnel",
          params: {
            steps: [
              { event: "listing_viewed", name: "Viewed" },
              { event: "order_started", name: "Began to pay" },
              { event: "order_completed", name: "Ordered" },
            ],
          },
        },
      },
      {
        id: "refunds",
        kind: "question",
        title: "Given back by day",
        chart: "bar",
        question: {
          metrics: ["events"],
          dimensions: ["time:day"],
          filters: [["is", "event:name", ["order_refunded"]]],
        },
      },
    ],
  },
});
