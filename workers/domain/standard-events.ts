// The events that packs speak of. Some products write their names with dots.

const STANDARD_EVENTS: ReadonlySet<string> = new Set([
  "conversation_started",
  "conversation_ended",
  "message_sent",
  "message_received",
  "feedback_given",
  "agent_created",
  "agent_updated",
  "agent_deleted",
  "agent_deployed",
  "workflow_created",
  "workflow_executed",
  "workflow_failed",
  "document_uploaded",
  "document_deleted",
  "file_viewed",
  "file_upload_started",
  "file_upload_completed",
  "file_validation_completed",
  "extraction_started",
  "extraction_completed",
  "extraction_failed",
  "search_performed",
  "search_result_selected",
  "feature_viewed",
  "feature_used",
  "user_logged_in",
  "user_invited",
  "subscription_created",
  "subscription_cancelled",
  "payment_succeeded",
  "payment_failed",
  "model_predicted",
  "model_labelled",
  "recommendation_shown",
  "recommendation_accepted",
  "recommendation_rejected",
  "recommendation_modified",
  "safety_violated",
  "api_called",
  "error_occurred",
  "web_vital",
  "system_measured",
]);

export const isStandardEvent = (name: string): boolean => STANDARD_EVENTS.has(name);

/** `message.sent` is `message_sent`; names that are no standard event's keep their dots. */
export function standardName(name: string): string {
  if (!name.includes(".")) return name;
  const plain = name.replaceAll(".", "_");
  return STANDARD_EVENTS.has(plain) ? plain : name;
}
