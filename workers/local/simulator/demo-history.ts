// The past of the demo site, through the import door. Begun again after a stop it goes on; when it is there, it is left alone.

import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ImportedEvent } from "../../domain/beacon.ts";
import type { Api } from "../replay/api.ts";
import { IN_FLIGHT, resumeAt, sendInOrder, toBatches } from "../replay/batches.ts";
import { finishImport, importState, sendBatch } from "../replay/import-job.ts";
import type { EventRow } from "../replay/row.ts";
import { isRecord } from "../replay/table-record.ts";
import { emptyTally, type Tally } from "../replay/tally.ts";
import { simulate } from "./simulate.ts";

const HOUR_MS = 3_600_000;
const BATCH = 2000;
/** At the start; with growth and waves about 1,000 on average. */
const DAILY_VISITS = 900;

/** What must stay equal, so that a stopped import can go on. */
interface HistoryPlan {
  id: string;
  from: number;
  to: number;
  timeZone: string;
}

export interface HistoryOptions {
  api: Api;
  site: string;
  /** The server's state folder, which keeps the plan. */
  dataDir: string;
  days: number;
  timeZone: string;
  now: number;
  signal: AbortSignal;
  /** Told now and then how much is on its way, 0 to 1. */
  onProgress?: (done: number) => void;
}

/** What was sent; null when the history was there already. */
export async function loadHistory(options: HistoryOptions, tally: Tally = emptyTally()): Promise<Tally | null> {
  const { api, site, signal } = options;
  const { plan, nextLine, finished } = await openPlan(options);
  if (finished) return null;
  const { id, from, to, timeZone } = plan;
  const choices = { label: `Demo history, ${options.days} days`, visitors: "given", bots: "drop" } as const;
  const wait = (ms: number) => sleep(ms, undefined, { signal });
  const events = simulate({ seed: id, from, to, timeZone, dailyVisits: DAILY_VISITS });
  const onProgress = (at: number) => options.onProgress?.((at - from) / (to - from));
  const rows = chunks(events, { signal, onProgress });
  const rest = nextLine === null ? rows : resumeAt(rows, { nextLine, overlap: IN_FLIGHT * BATCH, onSkip: () => {} });
  await sendInOrder(toBatches(rest, BATCH), (batch) => sendBatch({ api, site, id, choices, tally, wait }, batch));
  await finishImport(api, site, id);
  return tally;
}

async function openPlan(options: HistoryOptions): Promise<{
  plan: HistoryPlan;
  nextLine: number | null;
  finished: boolean;
}> {
  const { api, site, dataDir, days, now, timeZone } = options;
  const file = join(dataDir, "demo.json");
  const kept = planOf(await readFile(file, "utf8").catch(() => ""));
  if (kept !== null) {
    const { state, nextLine } = await importState(api, site, kept.id);
    if (state === "open" || state === "finished") return { plan: kept, nextLine, finished: state === "finished" };
  }
  const to = Math.floor(now / 60_000) * 60_000;
  const from = Math.floor(now / HOUR_MS) * HOUR_MS - days * 24 * HOUR_MS;
  const plan = { id: `demo-history-${randomBytes(4).toString("hex")}`, from, to, timeZone };
  await writeFile(file, JSON.stringify(plan));
  return { plan, nextLine: null, finished: false };
}

function planOf(text: string): HistoryPlan | null {
  if (text === "") return null;
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) return null;
  const { id, from, to, timeZone } = value;
  if (typeof id !== "string" || typeof timeZone !== "string") return null;
  return typeof from === "number" && typeof to === "number" ? { id, from, to, timeZone } : null;
}

async function* chunks(
  events: Iterable<ImportedEvent>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (at: number) => void },
): AsyncGenerator<EventRow[]> {
  let chunk: EventRow[] = [];
  for (const event of events) {
    chunk.push({ kind: "event", fileLine: event.line + 1, event });
    if (chunk.length < 500) continue;
    signal.throwIfAborted();
    yield chunk;
    onProgress(event.at);
    chunk = [];
  }
  yield chunk;
}
