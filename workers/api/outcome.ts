import type { CollectReply, EventReceipt } from "../domain/beacon.ts";
import { LIMITED } from "../domain/drop-reason.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Violation } from "../domain/tracking-plan.ts";
import type { Refusal } from "../ingest/draft.ts";
import type { AppendOutcome } from "./append.ts";

/** What became of one beacon. */
export type Outcome =
  | { status: Exclude<AppendOutcome, "limited" | "quarantined">; warnings?: FieldError[] }
  | { status: "quarantined"; errors: FieldError[] }
  | { status: "retry"; reason: typeof LIMITED }
  | { status: "dropped"; reason: string }
  | { status: "invalid"; errors: FieldError[] };

/** What a sender is told: of a planned event by the field, of one that is not planned by its name. */
const fieldError = ({ property, message }: Violation): FieldError => ({
  path: property === "" ? "name" : `props.${property}`,
  message,
});

export function appendOutcome(status: AppendOutcome | undefined, violations: readonly Violation[] = []): Outcome {
  if (status === "limited") return { status: "retry", reason: LIMITED };
  // What is only observed is told to nobody but the site's own people.
  const told = violations.filter(({ mode }) => mode !== "observe");
  if (status === "quarantined") return { status, errors: told.map(fieldError) };
  if (status === "accepted" && told.length > 0) return { status, warnings: told.map(fieldError) };
  return { status: status ?? "retry" };
}

export const refusalOutcome = (refusal: Refusal): Outcome =>
  refusal.reason === "invalid"
    ? { status: "invalid", errors: refusal.errors ?? [] }
    : { status: "dropped", reason: refusal.reason };

/** Totals, and a receipt for each event that was not simply accepted; paths begin at the event in a batch. */
export function replyOf(outcomes: readonly Outcome[], prefix: (index: number) => string): CollectReply {
  const reply: CollectReply = { accepted: 0, duplicate: 0, dropped: 0, invalid: 0, retry: 0, reasons: {}, events: [] };
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "quarantined") reply.quarantined = (reply.quarantined ?? 0) + 1;
    else reply[outcome.status]++;
    if (outcome.status === "accepted" && !outcome.warnings) continue;
    const placed = ({ path, message }: FieldError) => ({ path: prefix(index) + path, message });
    const receipt: EventReceipt = { index, status: outcome.status };
    if ("reason" in outcome) receipt.reason = outcome.reason;
    if (outcome.status === "invalid") receipt.reason = "invalid";
    if (outcome.status === "quarantined") receipt.reason = "plan";
    if ("errors" in outcome) receipt.errors = outcome.errors.map(placed);
    if ("warnings" in outcome && outcome.warnings) receipt.warnings = outcome.warnings.map(placed);
    if (receipt.reason) reply.reasons[receipt.reason] = (reply.reasons[receipt.reason] ?? 0) + 1;
    reply.events.push(receipt);
  }
  return reply;
}
