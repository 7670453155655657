import { defineBoard, panel } from "../board-template.ts";

export const agents = defineBoard({
  label: "AI agents",
  about: "Conversations with agents: how many, how quick, how good, at what cost.",
  panels: [
    panel("Conversations", ["number", 0, 0, 3, 2], { metrics: ["conversations"] }),
    panel("Response time", ["number", 3, 0, 3, 2], { metrics: ["response_time"] }),
    panel("Resolved", ["number", 6, 0, 3, 2], { metrics: ["resolution_rate"] }),
    panel("Errors", ["number", 9, 0, 3, 2], { metrics: ["error_rate"] }),
    panel("Messages over time", ["line", 0, 2, 8, 5], {
      metrics: ["messages", "messages_failed"],
      dimensions: ["time"],
    }),
    panel("Satisfaction over time", ["line", 8, 2, 4, 5], { metrics: ["satisfaction"], dimensions: ["time:day"] }),
    panel("Agents", ["table", 0, 7, 12, 6], {
      metrics: ["conversations", "messages", "response_time", "resolution_rate", "error_rate", "satisfaction", "cost"],
      dimensions: ["event:props:agent_id"],
      order_by: [["conversations", "desc"]],
      pagination: { limit: 50 },
    }),
    panel("Tokens by model", ["stacked", 0, 13, 6, 5], {
      metrics: ["tokens"],
      dimensions: ["time:day", "event:props:model"],
    }),
    panel("From first message to resolution", ["funnel", 6, 13, 6, 5], {
      analysis: "funnel",
      params: {
        steps: [
          { event: "conversation_started", name: "Started" },
          { event: "message_sent", name: "Answered" },
          { event: "conversation_ended", name: "Ended" },
        ],
        by: "session",
      },
    }),
  ],
});
