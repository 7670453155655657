// Sends rows through the public beacon door, as fast as it takes them or at the pace at which they happened.

import { setTimeout as sleep } from "node:timers/promises";
import { type Api, isCollectReply } from "./api.ts";
import { asRetry, liveBeacon } from "./live-beacon.ts";
import type { EventRow } from "./row.ts";
import { isRecord } from "./table-record.ts";
import { addExample, addRefused, addReply, type Tally } from "./tally.ts";

const AT_ONCE = 128;

export interface LiveSender {
  api: Api;
  site: string;
  /** Unique for this run, at most 40 characters. */
  run: string;
  /** How many times faster than it happened; `max` does not wait at all. */
  speed: number | "max";
  tally: Tally;
  signal: AbortSignal;
}

/** Sends each row once; at most 128 requests are on their way. */
export async function sendLive(rows: AsyncIterable<EventRow[]>, sender: LiveSender): Promise<void> {
  const waitTurn = pacer(sender.speed, sender.signal);
  const flying = new Set<Promise<void>>();
  let failure: unknown = null;
  try {
    for await (const chunk of rows) {
      for (const row of chunk) {
        await waitTurn(row.event.at);
        const sending = sendBeacon(row, sender)
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => flying.delete(sending));
        flying.add(sending);
        if (flying.size >= AT_ONCE) await Promise.race(flying);
        if (failure !== null) throw failure;
      }
    }
  } finally {
    await Promise.all(flying);
  }
  if (failure !== null) throw failure;
}

async function sendBeacon(row: EventRow, { api, site, run, tally }: LiveSender): Promise<void> {
  const { address } = row;
  const id = `${run}-${row.event.line}`;
  const { headers, body } = liveBeacon(row.event, { site, id, ...(address !== undefined && { address }) });
  let tries = 0;
  tally.sent++;
  const reply = await api.request({
    method: "POST",
    path: "/api/event",
    headers,
    body: () => (tries++ === 0 ? body : asRetry(body)),
  });
  if (isCollectReply(reply.body)) return addReply(tally, reply.body, () => row.fileLine);
  if (reply.status >= 200 && reply.status <= 299) {
    tally.accepted++;
    return;
  }
  const code = isRecord(reply.body) ? String(reply.body.code ?? reply.status) : String(reply.status);
  addRefused(tally, code, 1);
  addExample(tally, row.fileLine, code);
}

function pacer(speed: number | "max", signal: AbortSignal): (at: number) => Promise<void> {
  let begun: { at: number; now: number } | null = null;
  return async (at) => {
    signal.throwIfAborted();
    if (speed === "max") return;
    begun ??= { at, now: performance.now() };
    const wait = begun.now + (at - begun.at) / speed - performance.now();
    if (wait > 1) await sleep(wait, undefined, { signal });
  };
}
