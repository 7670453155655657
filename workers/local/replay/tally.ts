// What became of a file's lines.

import type { CollectReply } from "../../domain/beacon.ts";

export interface Tally {
  /** Lines read, empty ones left out. */
  lines: number;
  /** Events handed to the server in this run, each counted once. */
  sent: number;
  accepted: number;
  /** Known to the server already, from an earlier run. */
  duplicate: number;
  /** Refused by the server, by reason. */
  refused: Record<string, number>;
  /** Left out by a rule. */
  skipped: number;
  /** Of them, by the rule's reason where it has one. */
  skippedBecause: Record<string, number>;
  /** Events that an earlier run had sent, so that this one did not send them again. */
  resumed: number;
  unparsable: number;
  /** The first few lines that could not be read or were refused as invalid. */
  examples: { line: number; reason: string }[];
}

const MAX_EXAMPLES = 5;

export function emptyTally(): Tally {
  return {
    lines: 0,
    sent: 0,
    accepted: 0,
    duplicate: 0,
    refused: {},
    skipped: 0,
    skippedBecause: {},
    resumed: 0,
    unparsable: 0,
    examples: [],
  };
}

export function addExample(tally: Tally, line: number, reason: string): void {
  if (tally.examples.length < MAX_EXAMPLES) tally.examples.push({ line, reason });
}

/** Counts an answer; `lineOf` gives the file's line of an event's place in the request. */
export function addReply(tally: Tally, reply: CollectReply, lineOf: (index: number) => number): void {
  tally.accepted += reply.accepted;
  tally.duplicate += reply.duplicate;
  for (const [reason, count] of Object.entries(reply.reasons ?? {})) addRefused(tally, reason, count);
  for (const receipt of reply.events) {
    if (receipt.status !== "invalid") continue;
    const error = receipt.errors?.[0];
    const reason = error === undefined ? (receipt.reason ?? "invalid") : `${error.path}: ${error.message}`;
    addExample(tally, lineOf(receipt.index), reason);
  }
}

export function addRefused(tally: Tally, reason: string, count: number): void {
  tally.refused[reason] = (tally.refused[reason] ?? 0) + count;
}

export function addSkipped(tally: Tally, reason: string | undefined): void {
  tally.skipped++;
  if (reason !== undefined) tally.skippedBecause[reason] = (tally.skippedBecause[reason] ?? 0) + 1;
}

export function refusedTotal(tally: Tally): number {
  return Object.values(tally.refused).reduce((sum, count) => sum + count, 0);
}
