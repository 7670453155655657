// Agents that talk with people: what they do, how well, and what it takes.

import type { Filter } from "../../domain/query.ts";
import { AGENT_EVENTS } from "../agent-events.ts";
import { definePack } from "../pack.ts";

const named = (...names: string[]): Filter => ["is", "event:name", names];
const property = (name: string, ...values: string[]): Filter => ["is", `event:props:${name}`, values];

const MESSAGES = named("message_sent", "message_received");
const SENT = named("message_sent");
const ENDED = named("conversation_ended");
const YES = ["true", "1"];

export const agents = definePack({
  label: "Agents",
  about: "Conversations of people with agents: how many, how quick, how good, at what cost.",
  events: AGENT_EVENTS,
  metrics: {
    agents: {
      label: "Agents",
      about: "Distinct agents with an event in the period.",
      unit: "count",
      better: "neither",
      formula: "distinct agent_id",
      definition: { kind: "unique", of: { property: "agent_id" }, filters: [] },
    },
    messages: {
      label: "Messages",
      about: "Messages sent by agents and received by them.",
      unit: "count",
      better: "higher",
      formula: "message_sent + message_received",
      definition: { kind: "count", filters: [MESSAGES] },
    },
    messages_sent: {
      label: "Messages sent",
      about: "Messages sent by agents.",
      unit: "count",
      better: "higher",
      formula: "message_sent",
      definition: { kind: "count", filters: [SENT] },
    },
    messages_failed: {
      label: "Messages failed",
      about: "Messages sent by agents with an error.",
      unit: "count",
      better: "lower",
      formula: "message_sent with error",
      definition: { kind: "count", filters: [SENT, ["is_not", "event:props:error", ["(none)", "false", "null"]]] },
    },
    conversations: {
      label: "Conversations",
      about: "Distinct conversations with an event in the period.",
      unit: "count",
      better: "higher",
      formula: "distinct conversation_id",
      definition: { kind: "unique", of: { property: "conversation_id" }, filters: [] },
    },
    conversations_ended: {
      label: "Conversations ended",
      about: "Conversations that ended in the period.",
      unit: "count",
      better: "neither",
      formula: "conversation_ended",
      definition: { kind: "count", filters: [ENDED] },
    },
    conversations_resolved: {
      label: "Conversations resolved",
      about: "Conversations that ended in the period, resolved.",
      unit: "count",
      better: "higher",
      formula: "conversation_ended with resolved",
      definition: { kind: "count", filters: [ENDED, property("resolved", ...YES)] },
    },
    conversations_handed_off: {
      label: "Conversations handed off",
      about: "Conversations that ended in the period, handed to a person.",
      unit: "count",
      better: "lower",
      formula: "conversation_ended with handed_off",
      definition: { kind: "count", filters: [ENDED, property("handed_off", ...YES)] },
    },
    conversation_length: {
      label: "Conversation length",
      about: "Messages of a conversation, on average of those that ended in the period.",
      unit: "ratio",
      better: "neither",
      formula: "mean of message_count",
      definition: { kind: "average", property: "message_count", filters: [ENDED] },
    },
    users: {
      label: "Users",
      about: "Distinct identified users with an event in the period.",
      unit: "count",
      better: "higher",
      formula: "distinct users",
      definition: { kind: "unique", of: "users", filters: [] },
    },
    input_tokens: {
      label: "Input tokens",
      about: "Tokens that models read for messages.",
      unit: "count",
      better: "neither",
      formula: "sum of input_tokens",
      definition: { kind: "sum", property: "input_tokens", filters: [MESSAGES] },
    },
    output_tokens: {
      label: "Output tokens",
      about: "Tokens that models wrote for messages.",
      unit: "count",
      better: "neither",
      formula: "sum of output_tokens",
      definition: { kind: "sum", property: "output_tokens", filters: [MESSAGES] },
    },
    tokens: {
      label: "Tokens",
      about: "Tokens that models read and wrote for messages.",
      unit: "count",
      better: "neither",
      formula: "input_tokens + output_tokens",
      definition: { kind: "total", parts: ["input_tokens", "output_tokens"], less: [] },
    },
    cost: {
      label: "Cost",
      about: "What messages cost, in US dollars.",
      unit: "dollars",
      better: "lower",
      formula: "sum of cost_usd",
      definition: { kind: "sum", property: "cost_usd", filters: [MESSAGES] },
    },
    response_time: {
      label: "Response time",
      about: "How long agents took to answer, on average.",
      unit: "milliseconds",
      better: "lower",
      formula: "mean of response_time_ms",
      definition: { kind: "average", property: "response_time_ms", filters: [SENT] },
    },
    response_time_p95: {
      label: "Response time, 95th percentile",
      about: "The time within which agents gave 95 percent of their answers.",
      unit: "milliseconds",
      better: "lower",
      formula: "95th percentile of response_time_ms",
      definition: { kind: "percentile", property: "response_time_ms", percentile: 95, filters: [SENT] },
    },
    error_rate: {
      label: "Error rate",
      about: "Share of the messages sent by agents that failed.",
      unit: "percent",
      better: "lower",
      formula: "100 × messages_failed ÷ messages_sent",
      definition: { kind: "ratio", part: "messages_failed", whole: "messages_sent", percent: true },
    },
    resolution_rate: {
      label: "Resolution rate",
      about: "Share of the conversations ended that were resolved.",
      unit: "percent",
      better: "higher",
      formula: "100 × conversations_resolved ÷ conversations_ended",
      definition: { kind: "ratio", part: "conversations_resolved", whole: "conversations_ended", percent: true },
    },
    satisfaction: {
      label: "Satisfaction",
      about: "Mean rating, from 1 to 5.",
      unit: "ratio",
      better: "higher",
      formula: "mean of rating",
      definition: { kind: "average", property: "rating", filters: [named("feedback_given")] },
    },
    bytes_uploaded: {
      label: "Bytes uploaded",
      about: "Size of the documents uploaded in the period.",
      unit: "bytes",
      better: "neither",
      formula: "sum of bytes of document_uploaded",
      definition: { kind: "sum", property: "bytes", filters: [named("document_uploaded")] },
    },
    bytes_deleted: {
      label: "Bytes deleted",
      about: "Size of the documents deleted in the period.",
      unit: "bytes",
      better: "neither",
      formula: "sum of bytes of document_deleted",
      definition: { kind: "sum", property: "bytes", filters: [named("document_deleted")] },
    },
    storage: {
      label: "Storage",
      about: "By how much the documents kept grew in the period.",
      unit: "bytes",
      better: "neither",
      formula: "bytes_uploaded − bytes_deleted",
      definition: { kind: "total", parts: ["bytes_uploaded"], less: ["bytes_deleted"] },
    },
    api_calls: {
      label: "API calls",
      about: "Calls to the product's API.",
      unit: "count",
      better: "neither",
      formula: "api_called",
      definition: { kind: "count", filters: [named("api_called")] },
    },
  },
  alerts: [
    {
      name: "Agents fall silent",
      severity: "critical",
      conditions: [{ kind: "absence", metric: "messages_sent", minutes: 60 }],
    },
    {
      name: "Many messages fail",
      conditions: [{ kind: "threshold", metric: "messages_failed", minutes: 60, value: 20 }],
    },
    { name: "Fewer conversations than usual", conditions: [{ kind: "anomaly", metric: "conversations", by: "less" }] },
    {
      name: "Tokens of the month",
      conditions: [{ kind: "budget", metric: "tokens", limit: 10_000_000, by: "projected" }],
    },
  ],
});
