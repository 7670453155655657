// The wire. Text/plain, so that there is no preflight; keepalive, so that a page that leaves loses nothing. What failed
// is repeated under its own id, in memory and bounded.

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

/** Resolves after the first attempt. Repeats come after some 1.5, 6, 24 and 96 s; at most twenty events wait for theirs. */
export async function post(payload: Payload, delay = 1000, at = Date.now()): Promise<Outcome> {
  let status: number | undefined;
  try {
    ({ status } = await fetch(api, { method: "POST", body: JSON.stringify(payload), keepalive: true }));
  } catch {}
  if ((!status || status === 429 || status > 499) && delay < 1e5 && waiting.size < 20) {
    payload.at = at;
    payload.retry = true;
    waiting.add(payload);
    // Some chance, so that the pages of a site do not all come back in the same instant.
    setTimeout(
      () => {
        waiting.delete(payload);
        post(payload, delay * 4, at);
      },
      delay * (1 + Math.random()),
    );
  }
  return { status };
}

/** For the moments in which a page may be gone before an answer. */
export function postLeaving(payload: Payload): void {
  navigator.sendBeacon?.(api, JSON.stringify(payload)) || post(payload);
}

/** A last chance for what waits. It stays waiting: a repeat that arrived is recognised by its id. */
export function postWaiting(): void {
  waiting.forEach(postLeaving);
}
