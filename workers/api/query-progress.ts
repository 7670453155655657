// A long question answered line by line: how far it is, and at the end the answer. Closing the request stops the scans.
import type { ScanProgress } from "../engine/scan.ts";
import { problemOf } from "./problem.ts";

/** How far all shards are together; `rows` counts those of shards that have begun. */
export interface Progress {
  shards: number;
  done: number;
  scanned: number;
  rows: number;
}

export interface Watching {
  /** Told by a shard while it scans; false when nobody waits any more. */
  told(shard: string, progress: ScanProgress): boolean;
  began(shard: string): void;
  ended(shard: string): void;
}

/** Adds up what the shards tell. `say` is called for every change, `isWanted` asked each time. */
export function watching(say: (progress: Progress) => void, isWanted: () => boolean): Watching {
  const shards = new Map<string, ScanProgress & { done: boolean }>();
  const change = (shard: string, now: ScanProgress & { done: boolean }) => {
    shards.set(shard, now);
    const all = [...shards.values()];
    const sum = (of: (one: ScanProgress) => number) => all.reduce((total, one) => total + of(one), 0);
    say({
      shards: all.length,
      done: all.filter(({ done }) => done).length,
      scanned: sum(({ scanned }) => scanned),
      rows: sum(({ rows }) => rows),
    });
  };
  return {
    told(shard, progress) {
      // What was said before the end may arrive after it.
      if (!shards.get(shard)?.done) change(shard, { ...progress, done: false });
      return isWanted();
    },
    began: (shard) => void shards.set(shard, { scanned: 0, rows: 0, done: false }),
    ended(shard) {
      const { rows } = shards.get(shard) ?? { rows: 0 };
      change(shard, { scanned: rows, rows, done: true });
    },
  };
}

/** For who waits for plain JSON and may hang up. The shards also stop when this request is no more and cannot be asked. */
export const untilHangUp = ({ signal }: Request): Watching =>
  watching(
    () => {},
    () => !signal.aborted,
  );

const FORMS = {
  "application/x-ndjson": (kind: string, value: unknown) => `${JSON.stringify({ [kind]: value })}\n`,
  "text/event-stream": (kind: string, value: unknown) => `event: ${kind}\ndata: ${JSON.stringify(value)}\n\n`,
} as const;

export type ProgressForm = keyof typeof FORMS;

/** What the client accepts instead of plain JSON, if anything. */
export function progressForm(accept = ""): ProgressForm | null {
  return accept.includes("application/x-ndjson")
    ? "application/x-ndjson"
    : accept.includes("text/event-stream")
      ? "text/event-stream"
      : null;
}

/**
 * Lines of `progress`, then one of `result`, or of `error` with a problem. Throws what `answer` throws before anything was
 * scanned, so that refusals keep their status.
 */
export async function streamAnswer<Answer>(
  form: ProgressForm,
  answer: (watch: Watching) => Promise<Answer>,
): Promise<Response> {
  const encoder = new TextEncoder();
  const lines: Progress[] = [];
  let wanted = true;
  let send: ((kind: string, value: unknown) => void) | null = null;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const say = (progress: Progress) => {
    if (send) send("progress", progress);
    else lines.push(progress);
    begin();
  };
  const answered = answer(watching(say, () => wanted));
  // Whoever reads the lines learns of a failure; until then it is not one that nobody saw to.
  answered.catch(() => {});
  await Promise.race([begun, answered]);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      send = (kind, value) => {
        if (wanted) controller.enqueue(encoder.encode(FORMS[form](kind, value)));
      };
      for (const line of lines) send("progress", line);
    },
    async pull(controller) {
      await answered.then(
        (value) => send?.("result", value),
        (error: unknown) => wanted && send?.("error", problemOf(error).problem),
      );
      if (wanted) controller.close();
    },
    cancel() {
      wanted = false;
    },
  });
  return new Response(body, { headers: { "content-type": form, "cache-control": "no-store" } });
}
