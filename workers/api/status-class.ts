import type { Added } from "../domain/tally.ts";

const DONE: Added = { outcome: "done" };
const REFUSED: Added = { outcome: "refused" };
const FAILED: Added = { outcome: "failed" };

/** What a status says of how a request went: 5xx is our failure, 4xx the asker's. */
export function outcomeOf(status: number): Added {
  if (status >= 500) return FAILED;
  return status >= 400 ? REFUSED : DONE;
}
