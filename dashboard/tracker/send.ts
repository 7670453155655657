// The wire. Text/plain, so that there is no preflight; keepalive, so that a page that leaves loses nothing. What failed
// is repeated under its own id, in memory and bounded; a server that keeps failing is left alone for a while.

import type * as z from "zod";
import type { beaconSchema } from "../../workers/domain/beacon.ts";
import { api } from "./options.ts";

/** A beacon as JSON. */
export type Payload = z.input<typeof beaconSchema>;

/** What became of the first attempt; without `status` nothing was sent or no answer came. */
export interface Outcome {
  status?: number | undefined;
}

const waiting = new Set<Payload>();
/** In a row; at five the server is left alone for 15 seconds. */
let failures = 0;
/** How often what waited was given up. */
let givenUp = 0;

/**
 * Resolves after the first attempt, ten seconds at most. Repeats come after some 1.5, 6, 24 and 96 s; at most fifty events
 * wait for theirs. While the server is left alone attempts are skipped; then one failure more leaves it alone again.
 */
export async function post(payload: Payload, delay = 1000, at = Date.now()): Promise<Outcome> {
  let status: number | undefined;
  const before = WITH_CONSENT && givenUp;
  if (failures < 5) {
    try {
      ({ status } = await fetch(api, {
        method: "POST",
        body: JSON.stringify(payload),
        keepalive: true,
        signal: AbortSignal.timeout?.(1e4),
      }));
    } catch {}
    // No answer is no number, and not below anything.
    if (status! < 500 && status !== 429) {
      failures = 0;
      return { status };
    }
    if (++failures > 4) {
      setTimeout(() => {
        failures = 4;
      }, 15e3);
    }
  }
  // Consent that was taken back while the answer was on its way ends the event too.
  if (delay < 1e5 && waiting.size < 50 && (!WITH_CONSENT || before === givenUp)) {
    payload.at = at;
    payload.retry = true;
    waiting.add(payload);
    // Some chance, so that the pages of a site do not all come back in the same instant.
    setTimeout(
      () => {
        if (waiting.delete(payload)) post(payload, delay * 4, at);
      },
      delay * (1 + Math.random()),
    );
  }
  return { status };
}

/** A last chance for what waits. It stays waiting: a repeat that arrived is recognised by its id. */
export function postWaiting(): void {
  for (const payload of waiting) post(payload, 1e5);
}

/** What waits is given up, and what is under way once it fails. */
export function forgetWaiting(): void {
  givenUp++;
  waiting.clear();
}
