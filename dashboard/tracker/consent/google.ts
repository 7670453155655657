// Google's consent mode: the `consent` commands that pages and platforms push to the data layer. Updates are answers; a
// default is what holds before one, whatever it says.

import type { Purpose } from "../../../workers/domain/consent.ts";
import { safe } from "../safe.ts";
import type { Answer } from "./answer.ts";
import { answer } from "./gate.ts";

/** Signals of each purpose, which must all be granted. */
const SIGNALS: readonly (readonly [Purpose, readonly string[]])[] = [
  ["analytics", ["analytics_storage"]],
  ["experience", ["personalization_storage"]],
  ["marketing", ["ad_storage", "ad_user_data"]],
];

const states: Record<string, unknown> = {};

function readCommand(entry: unknown): void {
  const { 0: command, 1: kind, 2: update } = Object(entry) as ArrayLike<unknown>; // whatever was pushed
  if (command !== "consent" || kind !== "update") return;
  Object.assign(states, update);
  const said: Answer = {};
  for (const [purpose, signals] of SIGNALS) {
    const given = signals.map((signal) => states[signal]);
    if (given.includes("denied")) said[purpose] = false;
    else if (given.every((state) => state === "granted")) said[purpose] = true;
  }
  answer(said);
}

export function watchGoogle(): void {
  const page = window as { dataLayer?: unknown[] }; // Google's name
  page.dataLayer ??= [];
  const layer = page.dataLayer;
  for (const entry of layer) readCommand(entry);
  const push = layer.push;
  layer.push = function (...entries) {
    const length = push.apply(this, entries);
    entries.forEach(safe(readCommand));
    return length;
  };
}
