// The panels' way to the numbers: `useAnswer(query)` shows the last known answer at once, asks again when it is old, and
// keeps showing the former one while the next is on its way.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../workers/domain/errors.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import { type Failure, failureOf, type Reply, request } from "./api.ts";
import { type Answer, batching } from "./batch.ts";

type WireAnswer = QueryResult | { error: Problem };

async function post(queries: QueryInput[]): Promise<Reply<Answer[]>> {
  const reply = await request<WireAnswer[]>("/api/v2/query", { method: "POST", send: queries });
  if (!reply.ok) return reply;
  return {
    ok: true,
    value: reply.value.map((one) =>
      "error" in one ? { ok: false, failure: failureOf(400, one.error) } : { ok: true, value: one },
    ),
  };
}

const askOnce = batching(post);
const flying = new Map<string, Promise<Answer>>();

/** Panels that ask the same at the same time share the answer. */
function ask(key: string, query: QueryInput): Promise<Answer> {
  const known = flying.get(key);
  if (known) return known;
  const answer = askOnce(query).finally(() => flying.delete(key));
  flying.set(key, answer);
  return answer;
}

const FRESH_MS = 20_000;
const CACHE_LIMIT = 200;
const cache = new Map<string, { result: QueryResult; at: number }>();

function remember(key: string, result: QueryResult): void {
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

export interface Shown {
  /** The newest answer there is; while `loading` it may belong to the question before. */
  result: QueryResult | null;
  failure: Failure | null;
  /** The last refresh failed, so the answer is older than it should be. */
  stale: boolean;
  loading: boolean;
  retry: () => void;
}

interface Held {
  key: string;
  result: QueryResult | null;
  failure: Failure | null;
}

function heldFor(key: string): Held {
  const known = cache.get(key);
  return known ? { key, result: known.result, failure: null } : { key: "", result: null, failure: null };
}

export function useAnswer(query: QueryInput | null): Shown {
  const key = query ? JSON.stringify(query) : "";
  const [held, setHeld] = useState<Held>(() => heldFor(key));
  const [tries, setTries] = useState(0);
  const turn = refreshes.value;
  // The key stands for the query; turn and tries ask again.
  useEffect(() => {
    if (!query) return;
    const known = cache.get(key);
    if (known) setHeld({ key, result: known.result, failure: null });
    if (known && Date.now() - known.at < FRESH_MS) return;
    let current = true;
    void ask(key, query).then((answer) => {
      if (answer.ok) remember(key, answer.value);
      if (!current) return;
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
    retry: () => {
      setHeld({ key: "", result: null, failure: null });
      setTries(tries + 1);
    },
  };
}
