// Standard events as entries of a tracking plan, by what they tell of; packs are put together of them.
import type { PlanEvent, PlanProperty } from "../domain/tracking-plan.ts";

export const text: PlanProperty = { type: "string" };
export const id: PlanProperty = { type: "string", required: true };
const flag: PlanProperty = { type: "boolean" };
export const count: PlanProperty = { type: "integer", min: 0 };
const milliseconds: PlanProperty = { type: "number", min: 0 };
export const money: PlanProperty = { type: "number", min: 0 };
const texts: PlanProperty = { type: "array<string>" };

const conversation = { agent_id: id, conversation_id: id };
const message = {
  ...conversation,
  model: text,
  response_time_ms: milliseconds,
  input_tokens: count,
  output_tokens: count,
  cost_usd: money,
  error: { type: "string", description: "A code; left out when there was none." },
} as const satisfies Record<string, PlanProperty>;
const agent = { agent_id: id, agent_name: text };
const document = { document_id: id, file_type: text, bytes: count, source: text };
const file = { file_id: id, file_type: text, bytes: count, duration_ms: milliseconds, source: text };
const extraction = { file_id: id, file_type: text, extraction_type: text, duration_ms: milliseconds };

type Entries = Readonly<Record<string, PlanEvent>>;

export const event = (section: string, trigger: string, properties: Record<string, PlanProperty>): PlanEvent => ({
  section,
  trigger,
  properties,
});

export const CONVERSATION_ENTRIES: Entries = {
  conversation_started: event("Conversations", "A conversation begins.", { ...conversation, channel: text }),
  conversation_ended: event("Conversations", "A conversation is over.", {
    ...conversation,
    channel: text,
    duration_ms: milliseconds,
    message_count: count,
    resolved: flag,
    handed_off: flag,
    topic: text,
  }),
  message_sent: event("Conversations", "The agent has answered.", message),
  message_received: event("Conversations", "A person has written to the agent.", message),
};

export const FEEDBACK_ENTRIES: Entries = {
  feedback_given: event("Conversations", "A person rates an answer or a feature.", {
    agent_id: text,
    feature: text,
    conversation_id: text,
    rating: { type: "number", required: true, min: 1, max: 5 },
  }),
};

export const AGENT_ENTRIES: Entries = {
  agent_created: event("Agents", "An agent is made.", agent),
  agent_updated: event("Agents", "An agent is changed.", agent),
  agent_deleted: event("Agents", "An agent is removed.", agent),
  agent_deployed: event("Agents", "An agent is put to use.", agent),
  workflow_created: event("Workflows", "A workflow is made.", { workflow_id: id }),
  workflow_executed: event("Workflows", "A workflow has run.", { workflow_id: id, duration_ms: milliseconds }),
  workflow_failed: event("Workflows", "A workflow broke off.", {
    workflow_id: id,
    duration_ms: milliseconds,
    error: text,
  }),
};

export const DOCUMENT_ENTRIES: Entries = {
  document_uploaded: event("Documents", "A document is stored.", document),
  document_deleted: event("Documents", "A document is removed.", document),
  file_viewed: event("Documents", "A file is opened.", file),
  file_upload_started: event("Documents", "An upload begins.", file),
  file_upload_completed: event("Documents", "An upload has ended.", file),
  file_validation_completed: event("Documents", "A file was checked.", { ...file, is_valid: flag, errors: texts }),
  extraction_started: event("Extraction", "Reading a file begins.", extraction),
  extraction_completed: event("Extraction", "A file was read.", { ...extraction, extracted_fields: count }),
  extraction_failed: event("Extraction", "A file could not be read.", { ...extraction, error: text }),
};

export const SEARCH_ENTRIES: Entries = {
  search_performed: event("Search", "A person has searched.", { query: text, result_count: count, filters: text }),
  search_result_selected: event("Search", "A person opens a result.", {
    query: text,
    rank: { type: "integer", min: 1 },
  }),
};

export const FEATURE_ENTRIES: Entries = {
  feature_viewed: event("Features", "A person sees a feature.", { feature: id }),
  feature_used: event("Features", "A person uses a feature.", { feature: id }),
};

export const ACCOUNT_ENTRIES: Entries = {
  user_logged_in: event("Accounts", "A person has signed in.", {}),
  user_invited: event("Accounts", "A person has invited another.", {}),
};

export const PAYMENT_ENTRIES: Entries = {
  subscription_created: event("Payments", "A subscription begins.", { plan: text, amount: money, currency: text }),
  subscription_cancelled: event("Payments", "A subscription ends.", { plan: text, amount: money, currency: text }),
  payment_succeeded: event("Payments", "Money has come.", { plan: text, amount: money, currency: text }),
  payment_failed: event("Payments", "Money has not come.", { plan: text, amount: money, currency: text }),
};

export const SYSTEM_ENTRIES: Entries = {
  api_called: event("System", "The product's API has answered.", {
    route: text,
    status: count,
    duration_ms: milliseconds,
  }),
  error_occurred: event("System", "Something broke.", { message: text, stack_hash: text }),
};
