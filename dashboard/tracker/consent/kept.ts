// What the browser keeps, under one name: an answer with its day and, while analytics is allowed, a random id. Storage that
// is blocked keeps nothing, and the page goes on without.

import type { Answer } from "./answer.ts";

const KEY = "edgewise_consent";
/** Then the visitor is asked anew. */
const KEPT_DAYS = 182;

export interface Kept {
  answer: Answer;
  /** Random; only with analytics allowed. */
  id?: string;
  /** Of a withdrawal that the server has not heard of yet. */
  withdrawn?: string;
  /** Since 1970. */
  day?: number;
}

const today = (): number => Math.floor(Date.now() / 864e5);

export const isKept = ({ key }: StorageEvent): boolean => key === KEY || key === null;

export function readKept(): Kept {
  try {
    // Written below; what a stranger wrote there fails and counts as nothing.
    const kept = JSON.parse(localStorage[KEY]) as Kept;
    if (kept.answer && kept.day! + KEPT_DAYS > today()) return kept;
    localStorage.removeItem(KEY);
  } catch {}
  return { answer: {} };
}

/** Without an argument nothing is left. */
export function keep(kept?: Kept): void {
  try {
    if (kept) localStorage[KEY] = JSON.stringify({ ...kept, day: today() });
    else localStorage.removeItem(KEY);
  } catch {}
}
