// Between an event and the wire: what the visitor's answer lets through, and with which ids. The server keeps the same rules.

import type { ConsentQuestion } from "../../../workers/domain/consent.ts";
import { api, options } from "../options.ts";
import { on } from "../safe.ts";
import { forgetWaiting, type Outcome, type Payload, post } from "../send.ts";
import type { Answer } from "./answer.ts";
import { isKept, type Kept, keep, readKept } from "./kept.ts";

type Callback = (outcome: Outcome) => void;

/** Where the server does not say: then it decides about each event. */
const UNKNOWN: ConsentQuestion = { ask: false, before: "cookieless", purposes: [] };
const MOST_HELD = 20;

let kept: Kept = { answer: {} };
let question: ConsentQuestion | null = null;
let userId: string | undefined;
/** Whether answers are ours to keep; another platform's are told anew on each page, and only the id is kept. */
let remembers = true;
/** Events that wait for the question or the answer, in memory only. */
let held: [Payload, Callback | undefined][] = [];

/** A browser with either is never given an id, whatever is said elsewhere; whether it is counted is the site's setting. */
const hasSignal = (): boolean =>
  (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true || // not in TypeScript's list
  navigator.doNotTrack === "1";

export const answered = (): Answer => ({ ...kept.answer });

/** In memory only; sent once analytics is allowed. */
export function identify(user?: string): void {
  userId = user;
}

export function pass(payload: Payload, callback?: Callback): void {
  const { analytics } = kept.answer;
  if (analytics === false) {
    callback?.({});
    return;
  }
  const isAllowed = analytics && !hasSignal();
  if (!isAllowed && question?.before !== "cookieless") {
    held.push([payload, callback]);
    if (held.length > MOST_HELD) held.shift()?.[1]?.({});
    return;
  }
  payload.userId = isAllowed ? userId : undefined;
  payload.persistentId = isAllowed ? kept.id : undefined;
  payload.consent = hasSignal() ? undefined : kept.answer;
  post(payload).then(callback);
}

function release(): void {
  const waiting = held;
  held = [];
  for (const one of waiting) pass(...one);
}

/** Beside the address that events go to, so that a proxy for one folder serves both. */
const doorOf = (query: string): URL => new URL(`consent${query}`, new URL(api, location.href));

/** Where the server does not hear it, the id is put by as the proof of who withdrew, for the next page to try again. */
async function sendWithdrawal(persistentId: string): Promise<void> {
  keep({ ...kept, withdrawn: persistentId });
  try {
    const body = JSON.stringify({ site: options.site, persistentId });
    const signal = AbortSignal.timeout?.(1e4);
    const { status } = await fetch(doorOf(""), { method: "POST", body, keepalive: true, signal });
    if (status === 429 || status > 499) return;
    keep(remembers || kept.id ? kept : undefined);
  } catch {}
}

export function answer(said: Answer): void {
  if (hasSignal()) return;
  const { id, answer: before } = kept;
  kept = { answer: { ...before, ...said } };
  const { analytics } = kept.answer;
  if (analytics) kept.id = id || randomId();
  else if (analytics === false) forgetWaiting();
  keep(analytics || (remembers && analytics === false) ? kept : undefined);
  if (id && !kept.id) sendWithdrawal(id);
  release();
}

const randomId = (): string =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");

/** Another page of the site was told. */
function follow(event: StorageEvent): void {
  if (!isKept(event)) return;
  const theirs = readKept();
  const isOver = kept.id && !theirs.id;
  if (isOver) forgetWaiting();
  if (isOver) kept = { answer: { ...kept.answer, analytics: false } };
  else if (remembers) kept = theirs;
  release();
}

export const isUnanswered = (): boolean => kept.answer.analytics === undefined && !hasSignal();

/** `isOurs`: no other platform keeps the answers. Resolves when the server has said what the site asks, or cannot. */
export async function startGate(isOurs: boolean): Promise<ConsentQuestion> {
  remembers = isOurs;
  const { answer: before, id, withdrawn } = readKept();
  if (hasSignal()) {
    keep();
  } else {
    kept = { answer: isOurs ? before : {}, ...(id && { id }) };
    if (withdrawn) sendWithdrawal(withdrawn);
  }
  on("storage", follow);
  on("pagehide", () => {
    // The server knows what its site wants.
    question ??= UNKNOWN;
    release();
  });
  let asked = UNKNOWN;
  try {
    const signal = AbortSignal.timeout?.(5e3);
    const reply = await fetch(doorOf(`?site=${options.site}`), { credentials: "omit", signal });
    if (reply.ok) asked = await reply.json();
  } catch {}
  question = asked;
  release();
  return asked;
}
