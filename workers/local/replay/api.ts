// The server's HTTP interface as a program uses it: requests that may be repeated outlast a restart of the server.

import type { CollectReply } from "../../domain/beacon.ts";
import { isRecord } from "./table-record.ts";

export interface ApiOptions {
  url: string;
  /** "" for doors that need none. */
  key: string;
  /** How long to go on trying while the server is away or busy, milliseconds. */
  patienceMs: number;
  /** Ends the tries; a request that is on its way is not cut off. */
  signal?: AbortSignal;
  /** Waits for so many milliseconds, or throws when the signal says stop. */
  wait: (ms: number) => Promise<void>;
  /** Told of each failed try: why, and how long the next one waits. */
  onWait?: (reason: string, ms: number) => void;
}

export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** A function is asked anew for every try. */
  body?: string | (() => string);
  headers?: Record<string, string>;
}

export interface ApiReply {
  status: number;
  /** Parsed JSON; null when the body is none. */
  body: unknown;
}

/** An answer that trying again would not change. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "Refused";
    this.status = status;
  }
}

export interface Api {
  /** Any answer but 429 and 5xx, which are tried again; throws when patience ends. */
  request(request: ApiRequest): Promise<ApiReply>;
  /** As `request`; throws `Refused` unless the answer is 2xx. */
  expect(request: ApiRequest): Promise<unknown>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** For a server that has not answered once: it is more likely not there than starting anew. */
const FIRST_PATIENCE_MS = 5000;
const REQUEST_TIMEOUT_MS = 60_000;

export function connectApi(options: ApiOptions): Api {
  let reached = false;
  const patience = () => (reached ? options.patienceMs : Math.min(options.patienceMs, FIRST_PATIENCE_MS));
  const request = async (asked: ApiRequest) => {
    const attempt = async () => {
      const result = await once(options, asked);
      reached = true;
      return result;
    };
    return persist(attempt, { ...options, patience });
  };
  const expect = async (asked: ApiRequest) => {
    const { status, body } = await request(asked);
    if (status < 200 || status > 299) throw new Refused(status, problemText(status, body));
    return body;
  };
  return { request, expect };
}

interface Attempt {
  reply: ApiReply;
  /** Seconds, from `Retry-After`. */
  retryAfter: number | null;
}

async function once(options: ApiOptions, { method, path, body, headers }: ApiRequest): Promise<Attempt> {
  const response = await fetch(options.url + path, {
    method,
    headers: {
      "content-type": "application/json",
      ...(options.key !== "" && { authorization: `Bearer ${options.key}` }),
      ...headers,
    },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(body !== undefined && { body: typeof body === "string" ? body : body() }),
  });
  const text = await response.text();
  const after = Number(response.headers.get("retry-after") ?? "none");
  return { reply: { status: response.status, body: parsed(text) }, retryAfter: Number.isFinite(after) ? after : null };
}

interface Persistence extends Pick<ApiOptions, "signal" | "wait" | "onWait"> {
  /** Milliseconds. */
  patience: () => number;
}

async function persist(attempt: () => Promise<Attempt>, options: Persistence): Promise<ApiReply> {
  let waited = 0;
  let next = FIRST_WAIT_MS;
  for (;;) {
    const result = await attempt().catch((error: unknown) => error);
    if (isAttempt(result) && !isPassing(result.reply.status)) return result.reply;
    options.signal?.throwIfAborted();
    const reason = isAttempt(result) ? problemText(result.reply.status, result.reply.body) : connectionText(result);
    const asked = isAttempt(result) && result.retryAfter !== null ? result.retryAfter * 1000 : next;
    const pause = Math.min(asked, 30_000);
    if (waited + pause > options.patience()) throw new Error(`gave up after ${Math.round(waited / 1000)} s: ${reason}`);
    options.onWait?.(reason, pause);
    await options.wait(pause);
    // An answer that asks for no wait must not make an endless loop.
    waited += Math.max(pause, 50);
    next = Math.min(next * 2, LONGEST_WAIT_MS);
  }
}

function isAttempt(value: unknown): value is Attempt {
  return isRecord(value) && "reply" in value;
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function connectionText(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? `the server does not answer (${cause.message || cause.name})` : "the server is away";
}

/** problem+json in one line. */
export function problemText(status: number, body: unknown): string {
  if (!isRecord(body)) return `the server answered ${status}`;
  const text = [body.detail, body.title].find((part) => typeof part === "string" && part !== "");
  const fields = Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
  const first = fields[0] === undefined ? "" : ` (${String(fields[0].path)}: ${String(fields[0].message)})`;
  return `${status}: ${typeof text === "string" ? text : "refused"}${first}`;
}

/** The collect and import doors' answer. */
export function isCollectReply(body: unknown): body is CollectReply {
  return isRecord(body) && typeof body.accepted === "number" && Array.isArray(body.events);
}
