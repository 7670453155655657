import type { CollectReply, EventReceipt } from "../domain/beacon.ts";
import { LIMITED } from "../domain/drop-reason.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Refusal } from "../ingest/draft.ts";
import type { AppendOutcome } from "./append.ts";

/** What became of one beacon. */
export type Outcome =
  | { status: Exclude<AppendOutcome, "limited"> }
  | { status: "retry"; reason: typeof LIMITED }
  | { status: "dropped"; reason: string }
  | { status: "invalid"; errors: FieldError[] };

export const appendOutcome = (status: AppendOutcome | undefined): Outcome =>
  status === "limited" ? { status: "retry", reason: LIMITED } : { status: status ?? "retry" };

export const refusalOutcome = (refusal: Refusal): Outcome =>
  refusal.reason === "invalid"
    ? { status: "invalid", errors: refusal.errors ?? [] }
    : { status: "dropped", reason: refusal.reason };

/** Totals, and a receipt for each event that was not simply accepted; paths begin at the event in a batch. */
export function replyOf(outcomes: readonly Outcome[], prefix: (index: number) => string): CollectReply {
  const reply: CollectReply = { accepted: 0, duplicate: 0, dropped: 0, invalid: 0, retry: 0, reasons: {}, events: [] };
  for (const [index, outcome] of outcomes.entries()) {
    reply[outcome.status]++;
    if (outcome.status === "accepted") continue;
    const receipt: EventReceipt = { index, status: outcome.status };
    if ("reason" in outcome) receipt.reason = outcome.reason;
    if (outcome.status === "invalid") {
      receipt.reason = "invalid";
      receipt.errors = outcome.errors.map(({ path, message }) => ({ path: prefix(index) + path, message }));
    }
    if (receipt.reason) reply.reasons[receipt.reason] = (reply.reasons[receipt.reason] ?? 0) + 1;
    reply.events.push(receipt);
  }
  return reply;
}
