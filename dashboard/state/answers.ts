// The panels' way to the numbers: `useAnswer(question)` shows the last known answer at once, asks again when it is old, and
// keeps showing the former one while the next is on its way.
import { type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../workers/domain/errors.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import { CANCELLED, type Failure, failureOf, type Reply } from "./api.ts";
import { postQuestion } from "./ask.ts";
import { batching, type Progress } from "./batch.ts";
import { type Answer, type Asked, isAnalysis } from "./content.ts";

type WireAnswer = QueryResult | { error: Problem };

const askTogether = batching(async (queries, progress) => {
  const reply = await postQuestion<WireAnswer[]>(queries, { progress });
  if (!reply.ok) return reply;
  return {
    ok: true,
    value: reply.value.map((one) =>
      "error" in one ? { ok: false, failure: failureOf(400, one.error) } : { ok: true, value: one },
    ),
  };
});

interface Flying {
  answer: Promise<Reply<Answer>>;
  progress: Signal<number>;
  /** Whoever waits for it together stops waiting. */
  cancel: () => void;
}

const flying = new Map<string, Flying>();

/** Figures share a post and so a scan; an analysis takes longer, holds up nobody else, and can be stopped on the way. */
function send(question: Asked, progress: Progress, signal: AbortSignal): Promise<Reply<Answer>> {
  return isAnalysis(question) ? postQuestion<Answer>(question, { progress, signal }) : askTogether(question, progress);
}

/** Panels that ask the same at the same time share the answer. */
function ask(key: string, question: Asked): Flying {
  const known = flying.get(key);
  if (known) return known;
  const stop = new AbortController();
  const progress = signal(0);
  const stopped = new Promise<Reply<Answer>>((resolve) => {
    stop.signal.addEventListener("abort", () => resolve({ ok: false, failure: CANCELLED }));
  });
  const sent = send(
    question,
    (share) => {
      progress.value = share;
    },
    stop.signal,
  );
  const answer = Promise.race([sent, stopped]).finally(() => flying.delete(key));
  const started = { answer, progress, cancel: () => stop.abort() };
  flying.set(key, started);
  return started;
}

const FRESH_MS = 20_000;
const CACHE_LIMIT = 200;
const cache = new Map<string, { result: Answer; at: number }>();

function remember(key: string, result: Answer): void {
  cache.delete(key);
  cache.set(key, { result, at: Date.now() });
  const oldest = cache.keys().next();
  if (cache.size > CACHE_LIMIT && !oldest.done) cache.delete(oldest.value);
}

/** Counts up at each refresh; panels that read it ask again. */
export const refreshes = signal(0);

export function refresh(): void {
  for (const entry of cache.values()) entry.at = 0;
  refreshes.value++;
}

/** After a change that alters past answers, such as a new goal or time zone. */
export function forgetAnswers(): void {
  cache.clear();
  refreshes.value++;
}

export interface Shown<A extends Answer = QueryResult> {
  /** The newest answer there is; while `loading` it may belong to the question before. */
  result: A | null;
  failure: Failure | null;
  /** The last refresh failed, so the answer is older than it should be. */
  stale: boolean;
  loading: boolean;
  /** While an answer is on its way: how much has been read, 0 to 1. */
  progress: Signal<number> | null;
  cancel: () => void;
  retry: () => void;
}

interface Held {
  key: string;
  result: Answer | null;
  failure: Failure | null;
}

const NOTHING: Held = { key: "", result: null, failure: null };

function heldFor(key: string): Held {
  const known = cache.get(key);
  return known ? { key, result: known.result, failure: null } : NOTHING;
}

export function useAnswer(question: QueryInput | null): Shown;
export function useAnswer(question: Asked | null): Shown<Answer>;
export function useAnswer(question: Asked | null): Shown<Answer> {
  const key = question ? JSON.stringify(question) : "";
  const [held, setHeld] = useState<Held>(() => heldFor(key));
  const [way, setWay] = useState<Flying | null>(null);
  const [tries, setTries] = useState(0);
  const turn = refreshes.value;
  // The key stands for the question; turn and tries ask again.
  useEffect(() => {
    if (!question) return;
    const known = cache.get(key);
    if (known) setHeld({ key, result: known.result, failure: null });
    if (known && Date.now() - known.at < FRESH_MS) return;
    let current = true;
    const started = ask(key, question);
    setWay(started);
    void started.answer.then((answer) => {
      if (answer.ok) remember(key, answer.value);
      if (!current) return;
      setWay(null);
      setHeld((before) =>
        answer.ok
          ? { key, result: answer.value, failure: null }
          : { key, result: before.key === key ? before.result : null, failure: answer.failure },
      );
    });
    return () => {
      current = false;
    };
  }, [key, turn, tries]);
  const failure = held.key === key ? held.failure : null;
  return {
    result: held.result,
    failure: held.result ? null : failure,
    stale: failure !== null && held.result !== null,
    loading: held.key !== key,
    progress: way?.progress ?? null,
    cancel: () => way?.cancel(),
    retry: () => {
      setHeld(NOTHING);
      setTries(tries + 1);
    },
  };
}
