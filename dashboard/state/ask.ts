// Posts questions and reads the answer line by line, so that a long one tells how far it is and can be given up.
import type { Problem } from "../../workers/domain/errors.ts";
import { CANCELLED, failureOf, OFFLINE, type Reply, signedOut } from "./api.ts";

/** A line of the stream: how far the shards are, and last the answer or why there is none. */
type Line = { progress: { scanned: number; rows: number } } | { result: unknown } | { error: Partial<Problem> };

interface AskOptions {
  progress: (share: number) => void;
  signal?: AbortSignal | undefined;
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream()).values()) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as Line; // the API's own form, from one build
  }
}

async function read<T>(response: Response, { progress }: AskOptions): Promise<Reply<T>> {
  if (response.ok && response.body && response.headers.get("content-type")?.includes("ndjson")) {
    for await (const line of linesOf(response.body)) {
      if ("result" in line) return { ok: true, value: line.result as T }; // see Line
      if ("error" in line) return { ok: false, failure: failureOf(500, line.error) };
      if (line.progress.rows > 0) progress(line.progress.scanned / line.progress.rows);
    }
    return { ok: false, failure: OFFLINE };
  }
  const problem: unknown = await response.json().catch(() => null);
  if (response.status === 401) signedOut();
  return { ok: false, failure: failureOf(response.status, problem as Partial<Problem> | null) }; // problem+json or nothing
}

/** T is what the API answers to the question, or to a list of them a list. */
export async function postQuestion<T>(question: unknown, options: AskOptions): Promise<Reply<T>> {
  try {
    const response = await fetch("/api/v2/query", {
      method: "POST",
      credentials: "same-origin",
      body: JSON.stringify(question),
      headers: { "content-type": "application/json", accept: "application/x-ndjson" },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return await read<T>(response, options);
  } catch {
    return { ok: false, failure: options.signal?.aborted ? CANCELLED : OFFLINE };
  }
}
