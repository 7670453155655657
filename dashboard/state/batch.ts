// Gathers the questions that panels ask in one turn into as few posts as the API allows.
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import type { Failure, Reply } from "./api.ts";

/** How much of what must be read has been, 0 to 1. */
export type Progress = (share: number) => void;

export const BATCH_LIMIT = 20;

export type Answer = Reply<QueryResult>;
/** Sends up to BATCH_LIMIT questions and answers in their order. */
export type Post = (queries: QueryInput[], progress: Progress) => Promise<Reply<Answer[]>>;

interface Waiting {
  query: QueryInput;
  answer: (answer: Answer) => void;
  progress: Progress;
}

const UNANSWERED: Failure = {
  status: 0,
  title: "No answer",
  detail: "The server answered fewer questions than it was asked. Reload the page.",
  errors: [],
};

/** What one question can bring on for all that were asked with it. */
const BROKEN = 500;

async function sendChunk(post: Post, chunk: Waiting[]): Promise<void> {
  const all = (share: number) => {
    for (const { progress } of chunk) progress(share);
  };
  const reply = await post(
    chunk.map(({ query }) => query),
    all,
  );
  // Asked alone, the others are not held back by the one that breaks.
  if (!reply.ok && reply.failure.status === BROKEN && chunk.length > 1) {
    for (const one of chunk) void sendChunk(post, [one]);
    return;
  }
  chunk.forEach(({ answer }, i) => {
    if (!reply.ok) answer(reply);
    else answer(reply.value[i] ?? { ok: false, failure: UNANSWERED });
  });
}

/** Returns `ask`: questions of the same turn share a post, and each gets its own answer. */
export function batching(post: Post): (query: QueryInput, progress?: Progress) => Promise<Answer> {
  let waiting: Waiting[] = [];
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let i = 0; i < all.length; i += BATCH_LIMIT) void sendChunk(post, all.slice(i, i + BATCH_LIMIT));
  };
  return (query, progress = () => {}) =>
    new Promise((answer) => {
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ query, answer, progress });
    });
}
