// One import at the server: found or begun, fed, ended, undone. Sending a line twice is harmless.

import { createHash } from "node:crypto";
import { type Api, isCollectReply, Refused } from "./api.ts";
import type { Batch } from "./batches.ts";
import { isRecord } from "./table-record.ts";
import { addReply, type Tally } from "./tally.ts";

export interface ImportChoices {
  label: string;
  visitors: "given" | "daily";
  bots: "keep" | "drop";
}

export interface ImportState {
  id: string;
  state: "new" | "open" | "finished" | "undone";
  label: string;
  events: number;
  /** The line after the last that the server has; null when it has none. */
  nextLine: number | null;
}

/** A name that is equal for equal facts: 24 lower-case hex digits after `replay-`. */
export function importId(facts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const fact of facts) {
    hash.update(`${fact.length}:`);
    hash.update(fact);
  }
  return `replay-${hash.digest("hex").slice(0, 24)}`;
}

export function importPath(site: string, id = ""): string {
  const base = `/api/v1/sites/${encodeURIComponent(site)}/import`;
  return id === "" ? base : `${base}/${encodeURIComponent(id)}`;
}

export async function importState(api: Api, site: string, id: string): Promise<ImportState> {
  const { status, body } = await api.request({ method: "GET", path: importPath(site, id) });
  if (status === 404) return { id, state: "new", label: "", events: 0, nextLine: null };
  if (status !== 200 || !isRecord(body)) throw new Refused(status, `the import's state cannot be asked (${status})`);
  const { state, label, events, nextLine } = body;
  return {
    id,
    state: state === "finished" || state === "undone" ? state : "open",
    label: String(label ?? ""),
    events: typeof events === "number" ? events : 0,
    nextLine: typeof nextLine === "number" ? nextLine : null,
  };
}

/** The newest state under this name: an undone import is never reopened, so a repeat of it is numbered. */
export async function latestImport(api: Api, site: string, id: string): Promise<ImportState> {
  let found = await importState(api, site, id);
  for (let round = 2; found.state === "undone"; round++) found = await importState(api, site, `${id}-${round}`);
  return found;
}

export function finishImport(api: Api, site: string, id: string): Promise<unknown> {
  return api.expect({ method: "POST", path: `${importPath(site, id)}/finish`, body: "{}" });
}

/** Events removed. */
export async function undoImport(api: Api, site: string, id: string): Promise<number> {
  const body = await api.expect({ method: "DELETE", path: importPath(site, id) });
  return isRecord(body) && typeof body.removed === "number" ? body.removed : 0;
}

export interface BatchSender {
  api: Api;
  site: string;
  id: string;
  choices: ImportChoices;
  tally: Tally;
  /** Waits before lines are sent again that the server asked for again. */
  wait: (ms: number) => Promise<void>;
}

const MAX_ROUNDS = 30;

/** Sends one batch until every event of it is accepted, known or refused. */
export async function sendBatch(sender: BatchSender, batch: Batch): Promise<void> {
  await untilDone(sender, batch);
  sender.tally.sent += batch.json.length;
}

async function untilDone(sender: BatchSender, batch: Batch): Promise<void> {
  let rest = batch;
  for (let round = 0; rest.json.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new Error(`the server put ${rest.json.length} events off ${MAX_ROUNDS} times`);
    if (round > 0) await sender.wait(Math.min(100 * 2 ** round, 5000));
    rest = await sendOnce(sender, rest);
  }
}

/** What is left to send again. */
async function sendOnce(sender: BatchSender, batch: Batch): Promise<Batch> {
  const head = JSON.stringify({ id: sender.id, ...sender.choices });
  const body = `{"import":${head},"events":[${batch.json.join(",")}]}`;
  const path = importPath(sender.site);
  const reply = await sender.api.expect({ method: "POST", path, body }).catch((error: unknown) => {
    if (error instanceof Refused && error.status === 413 && batch.json.length > 1) return null;
    throw error;
  });
  if (reply === null) {
    const half = batch.json.length >> 1;
    await untilDone(sender, slice(batch, 0, half));
    return slice(batch, half, batch.json.length);
  }
  if (!isCollectReply(reply)) throw new Error("the import door's answer is not understood");
  addReply(sender.tally, reply, (index) => batch.fileLines[index] ?? 0);
  const again = reply.events.filter((receipt) => receipt.status === "retry").map((receipt) => receipt.index);
  return pick(batch, again);
}

function slice(batch: Batch, from: number, to: number): Batch {
  return { json: batch.json.slice(from, to), fileLines: batch.fileLines.slice(from, to) };
}

function pick(batch: Batch, indexes: readonly number[]): Batch {
  return {
    json: indexes.flatMap((index) => batch.json[index] ?? []),
    fileLines: indexes.flatMap((index) => batch.fileLines[index] ?? []),
  };
}
