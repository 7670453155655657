// One replay, from options to summary.

import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, connectApi, Refused } from "./api.ts";
import { IN_FLIGHT, resumeAt, sendInOrder, toBatches } from "./batches.ts";
import { finishImport, type ImportState, latestImport, sendBatch, undoImport } from "./import-job.ts";
import { sendLive } from "./live-sender.ts";
import { type OpenText, openText } from "./open-text.ts";
import type { ReplayOptions } from "./options.ts";
import { type Prepared, prepare, readKey } from "./prepare.ts";
import { type Preview, preview } from "./preview.ts";
import { type ProgressOutput, say, showProgress } from "./progress.ts";
import { readers } from "./readers/index.ts";
import type { EventRow, Row } from "./row.ts";
import type { Outcome, Summary } from "./summary.ts";
import { addExample, addSkipped, emptyTally, type Tally } from "./tally.ts";
import { UsageError } from "./usage-error.ts";

/** How long a request is tried while the server is away: enough for a restart or an update. */
const PATIENCE_MS = 120_000;

export interface ReplayIo {
  /** Where progress goes. */
  progress: ProgressOutput;
  /** Stops the replay so that it can go on later. */
  signal: AbortSignal;
}

interface Run extends ReplayIo {
  options: ReplayOptions;
  api: Api;
  tally: Tally;
  wait: (ms: number) => Promise<void>;
}

interface Ending {
  outcome: Outcome;
  note: string;
  id: string | null;
  removed?: number;
  preview?: Preview;
}

/** What the server or the file does wrong is an outcome; throws `UsageError` for what the options say. */
export async function runReplay(options: ReplayOptions, io: ReplayIo): Promise<Summary> {
  const begun = performance.now();
  const tally = emptyTally();
  const prepared = options.file === "" ? null : await prepare(options);
  const run = await startRun(options, { ...io, tally });
  const ending = await byMode(run, prepared).catch((error: unknown) => endingOf(error, { options, io }));
  const seconds = (performance.now() - begun) / 1000;
  const { removed = 0, preview: seen = null, ...rest } = ending;
  return {
    ...{ file: options.file === "" ? "" : basename(options.file), format: prepared?.format ?? "", site: options.site },
    ...tally,
    ...rest,
    id: ending.id ?? prepared?.id ?? null,
    ...{ removed, preview: seen, seconds, eventsPerSecond: Math.round(tally.sent / Math.max(seconds, 0.001)) },
  };
}

async function startRun(options: ReplayOptions, io: ReplayIo & { tally: Tally }): Promise<Run> {
  const needsKey = options.mode === "import" || options.mode === "undo" || (options.mode === "live" && options.create);
  const key = needsKey ? await readKey(options) : "";
  const wait = (ms: number) => sleep(ms, undefined, { signal: io.signal });
  let said = "";
  const onWait = (reason: string) => {
    if (reason !== said) say(io.progress, `waiting: ${reason}`);
    said = reason;
  };
  const api = connectApi({ url: options.url, key, patienceMs: PATIENCE_MS, signal: io.signal, wait, onWait });
  return { ...io, options, api, wait };
}

function byMode(run: Run, prepared: Prepared | null): Promise<Ending> {
  if (run.options.mode === "undo" || prepared === null) return undo(run, run.options.id ?? prepared?.id ?? "");
  if (run.options.mode === "dry-run") return dryRun(run, prepared);
  return run.options.mode === "live" ? live(run, prepared) : importFile(run, prepared);
}

function endingOf(error: unknown, { options, io }: { options: ReplayOptions; io: ReplayIo }): Ending {
  if (error instanceof UsageError) throw error;
  const imports = options.mode === "import";
  const again = imports ? "the same command goes on from here; with --undo it removes what was sent" : "";
  if (io.signal.aborted) return { outcome: "stopped", note: again, id: null };
  const message = error instanceof Error ? error.message : String(error);
  const remedy =
    error instanceof Refused && error.status === 404 ? `${message}; --create makes the site` : `${message}; ${again}`;
  return { outcome: "failed", note: imports ? remedy : message, id: null };
}

async function importFile(run: Run, prepared: Prepared): Promise<Ending> {
  const { options, api, tally, wait } = run;
  await createSite(run);
  const state = await latestImport(api, options.site, prepared.id);
  const { id } = state;
  if (state.state === "finished") {
    const note = `${state.events} events of this file are there; --undo removes them`;
    return { outcome: "already-imported", note, id };
  }
  const label = options.label ?? basename(options.file);
  const choices = { label, visitors: options.visitors, bots: options.bots };
  const sender = { api, site: options.site, id, choices, tally, wait };
  await overFile(run, prepared, (rows) => {
    const batches = toBatches(resumed(rows, state, run), options.batch);
    return sendInOrder(batches, (batch) => sendBatch(sender, batch));
  });
  if (tally.sent === 0 && state.state === "new") return { outcome: "imported", note: "the file holds no event", id };
  await finishImport(api, options.site, id);
  return { outcome: "imported", note: "", id };
}

function resumed(rows: AsyncIterable<EventRow[]>, state: ImportState, { options, tally }: Run) {
  if (state.nextLine === null) return rows;
  return resumeAt(rows, {
    nextLine: state.nextLine,
    // An earlier run may have used larger batches than this one.
    overlap: IN_FLIGHT * Math.max(options.batch, 2000),
    onSkip: (count) => {
      tally.resumed += count;
    },
  });
}

async function undo({ options, api }: Run, named: string): Promise<Ending> {
  const { id, state } = await latestImport(api, options.site, named);
  if (state === "new") return { outcome: "nothing-to-undo", note: "", id };
  const removed = await undoImport(api, options.site, id);
  return { outcome: "undone", note: "", id, removed };
}

async function dryRun(run: Run, prepared: Prepared): Promise<Ending> {
  const seen = await overFile(run, prepared, preview);
  return { outcome: "read", note: "", id: null, preview: seen };
}

async function live(run: Run, prepared: Prepared): Promise<Ending> {
  const { options, api, tally, signal } = run;
  await createSite(run);
  const sender = { api, site: options.site, run: randomBytes(6).toString("hex"), speed: options.speed, tally, signal };
  await overFile(run, prepared, (rows) => sendLive(rows, sender));
  return { outcome: "sent", note: "", id: null };
}

async function createSite({ options, api }: Run): Promise<void> {
  if (!options.create) return;
  const body = JSON.stringify({ id: options.site, timeZone: options.timeZone });
  const { status } = await api.request({ method: "POST", path: "/api/v1/sites", body });
  if (status !== 409 && (status < 200 || status > 299))
    throw new Refused(status, `the site cannot be made (${status})`);
}

/** Reads the file under a progress display, and hands its events to `use`. */
async function overFile<T>(
  run: Run,
  { size, format, choices }: Prepared,
  use: (rows: AsyncIterable<EventRow[]>) => Promise<T>,
): Promise<T> {
  const opened = await openText(run.options.file);
  const stopProgress = watch(run, opened, size);
  try {
    return await use(eventRows(readers[format].read(opened.text, choices), run));
  } finally {
    stopProgress();
    opened.close();
  }
}

function watch({ options, progress, tally }: Run, opened: OpenText, size: number): () => void {
  const begun = performance.now();
  // A live replay sends far more slowly than it reads, so what was read says nothing.
  const done = () => (options.mode === "live" || size === 0 ? null : Math.min(1, opened.bytesRead() / size));
  return showProgress(progress, () => ({
    done: done(),
    events: tally.sent + tally.resumed,
    seconds: (performance.now() - begun) / 1000,
  }));
}

async function* eventRows(rows: AsyncIterable<Row[]>, { tally, signal }: Run): AsyncGenerator<EventRow[]> {
  for await (const chunk of rows) {
    signal.throwIfAborted();
    tally.lines += chunk.length;
    for (const row of chunk) {
      if (row.kind === "skipped") addSkipped(tally, row.reason);
      if (row.kind !== "unparsable") continue;
      tally.unparsable++;
      addExample(tally, row.fileLine, row.reason);
    }
    yield chunk.filter((row) => row.kind === "event");
  }
}
