// The present of the demo site: simulated visitors who send real beacons, until they are stopped.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../replay/api.ts";
import { sendLive } from "../replay/live-sender.ts";
import type { EventRow } from "../replay/row.ts";
import { emptyTally, type Tally } from "../replay/tally.ts";
import { movingLoad } from "./load.ts";
import { simulate } from "./simulate.ts";

/** Beacons that a simulated visit sends, on average. */
const BEACONS_PER_VISIT = 3.5;
/** Begun this long ago, so that visits are under way at once. */
const WARM_UP_MS = 20 * 60_000;

export interface LiveOptions {
  api: Api;
  site: string;
  /** Beacons a second, on average; the load moves around it by half. */
  rate: number;
  signal: AbortSignal;
}

/** Ends when the signal says so. */
export async function sendVisitors(options: LiveOptions, tally: Tally = emptyTally()): Promise<void> {
  const run = randomBytes(6).toString("hex");
  const sender = { api: options.api, site: options.site, run, speed: "max", tally, signal: options.signal } as const;
  await sendLive(visitorsOfNow(run, options), sender).catch((error: unknown) => {
    if (!options.signal.aborted) throw error;
  });
}

async function* visitorsOfNow(seed: string, { rate, signal }: LiveOptions): AsyncGenerator<EventRow[]> {
  const begun = Date.now();
  const load = movingLoad(rate / BEACONS_PER_VISIT);
  const from = Math.floor((begun - WARM_UP_MS) / load.slotMs) * load.slotMs;
  for (const event of simulate({ seed, from, to: Number.POSITIVE_INFINITY, dailyVisits: 1000, load })) {
    if (event.at < begun) continue;
    const wait = event.at - Date.now();
    if (wait > 0) await sleep(wait, undefined, { signal });
    yield [{ kind: "event", fileLine: event.line + 1, event }];
  }
}
