import { defineReport } from "../report-template.ts";

export const aiAgents = defineReport({
  label: "AI agents",
  about: "Conversations of people with agents: how many, how quick, how good, at what cost.",
  report: {
    period: "7d",
    sections: [
      {
        id: "figures",
        kind: "figures",
        title: "Conversations",
        metrics: [
          "conversations",
          "messages",
          "response_time",
          "resolution_rate",
          "error_rate",
          "satisfaction",
          "cost",
        ],
      },
      {
        id: "course",
        kind: "question",
        title: "Messages by day",
        chart: "line",
        question: { metrics: ["messages", "messages_failed"], dimensions: ["time:day"] },
      },
      {
        id: "agents",
        kind: "question",
        title: "Agents",
        chart: "table",
        question: {
          metrics: ["conversations", "resolution_rate", "error_rate", "cost"],
          dimensions: ["event:props:agent_id"],
          order_by: [["conversations", "desc"]],
        },
      },
      {
        id: "funnel",
        kind: "question",
        title: "From first message to resolution",
        chart: "funnel",
        question: {
          analysis: "funnel",
          params: {
            steps: [
              { event: "conversation_started", name: "Started" },
              { event: "message_sent", name: "Answered" },
              { event: "conversation_ended", name: "Ended" },
            ],
            by: "session",
          },
        },
      },
      {
        id: "benchmarks",
        kind: "benchmarks",
        title: "How it compares",
        metrics: ["resolution_rate", "error_rate", "response_time"],
      },
    ],
  },
});
