// Google's consent mode: the `consent` commands that pages and platforms push to the data layer.

import type { Purpose } from "../../../workers/domain/consent.ts";
import { safe } from "../safe.ts";
import type { Answer } from "./answer.ts";
import { answer } from "./gate.ts";

type States = Record<string, unknown>;

const PURPOSES = ["analytics", "experience", "marketing"] as const;

/** Signals that must all be granted. */
const SIGNALS: Readonly<Record<Purpose, readonly string[]>> = {
  analytics: ["analytics_storage"],
  experience: ["personalization_storage"],
  marketing: ["ad_storage", "ad_user_data"],
};

const updates: States = {};
const defaults: States = {};

function readCommand(entry: unknown): void {
  const { 0: command, 1: kind, 2: states } = Object(entry) as { 0?: unknown; 1?: unknown; 2?: States }; // whatever was pushed
  if (command !== "consent" || !states) return;
  for (const [signal, state] of Object.entries(states)) {
    if (kind === "update") updates[signal] = state;
    // A default that denies is silence, no refusal; one for a region allows nothing, since the region is not known here.
    else if (state === "denied") defaults[signal] = undefined;
    else if (!states.region && !(signal in defaults)) defaults[signal] = state;
  }
  const said: Answer = {};
  for (const purpose of PURPOSES) {
    const given = SIGNALS[purpose].map((signal) => updates[signal] ?? defaults[signal]);
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
