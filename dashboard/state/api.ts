// Speaks to the API of the same origin. Refusals and outages come back as values, so that a panel shows them in its place.
import type { FieldError, Problem } from "../../workers/domain/errors.ts";

export interface Failure {
  /** HTTP status; 0 when no answer came. */
  status: number;
  title: string;
  detail: string;
  errors: FieldError[];
}

export type Reply<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const OFFLINE: Failure = {
  status: 0,
  title: "No answer",
  detail: "The server could not be reached. Check that it is running and that you are online.",
  errors: [],
};

export const CANCELLED: Failure = {
  status: 0,
  title: "Stopped",
  detail: "This question was stopped before it was answered.",
  errors: [],
};

/** The API speaks in lower case; shown by itself, a message is a sentence. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function failureOf(status: number, problem: Partial<Problem> | null): Failure {
  return {
    status,
    title: sentence(problem?.title ?? "something went wrong"),
    detail: sentence(problem?.detail ?? `The server answered with status ${status}. Try again in a moment.`),
    errors: problem?.errors ?? [],
  };
}

const listeners = new Set<() => void>();

/** Calls back whenever the API says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  listeners.add(listener);
}

export function signedOut(): void {
  for (const listener of listeners) listener();
}

async function body(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  return response.json().catch(() => null);
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  send?: unknown;
  /** The body as it stands, instead of JSON. */
  file?: Blob;
  /** The version that a change began from, as the API's ETag has it. */
  version?: number;
  /** Leaves a 401 to the caller, which is asking precisely that. */
  quiet?: boolean;
}

const QUIET_MS = 500;
let underWay = 0;

/** When nothing has been asked for a moment: what is asked for then keeps no figure waiting. */
export async function whenQuiet(): Promise<void> {
  do await new Promise((done) => setTimeout(done, QUIET_MS));
  while (underWay > 0);
}

const early = new Map<string, Promise<Reply<unknown>>>();

/** Asks for what a page will ask for as soon as its code is there; the first who then asks for the path gets this answer. */
export function requestAhead(path: string): void {
  early.set(path, request(path, { quiet: true }));
}

async function takeEarly<T>(path: string): Promise<Reply<T> | null> {
  const asked = early.get(path);
  early.delete(path);
  // What was refused before somebody had signed in is asked again.
  const reply = await asked;
  return reply?.ok ? (reply as Reply<T>) : null; // of the same path
}

/** T is what the API documents for the path: both come from one build, so the answer is not checked again. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const { method = "GET", send, file, version, quiet = false } = options;
  const ahead = method === "GET" && early.has(path) ? await takeEarly<T>(path) : null;
  if (ahead) return ahead;
  let response: Response;
  underWay++;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        ...(send === undefined ? {} : { "content-type": "application/json" }),
        ...(version === undefined ? {} : { "if-match": `"${version}"` }),
      },
      ...(send === undefined ? {} : { body: JSON.stringify(send) }),
      ...(file && { body: file }),
    });
  } catch {
    return { ok: false, failure: OFFLINE };
  } finally {
    underWay--;
  }
  const value = await body(response);
  if (response.ok) return { ok: true, value: value as T }; // see above
  if (response.status === 401 && !quiet) signedOut();
  return { ok: false, failure: failureOf(response.status, value as Partial<Problem> | null) }; // problem+json or nothing
}
