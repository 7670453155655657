// Two weeks of agents at work around the change of clocks in Berlin on 26 October 2025, from a seed.

import type { SentEvent } from "./api.ts";

export const ZONE = "Europe/Berlin";
const CLOCKS_BACK = Date.UTC(2025, 9, 26, 1);
const HOUR_MS = 3_600_000;

/** Milliseconds of 2025-10-15 00:00 in Berlin. */
const START = Date.UTC(2025, 9, 14, 22);
const DAYS = 16;

/** Local date in Berlin, told by hand. */
export function berlinDate(at: number): string {
  const ahead = at < CLOCKS_BACK ? 2 : 1;
  return new Date(at + ahead * HOUR_MS).toISOString().slice(0, 10);
}

/** Mulberry32: from 0 to below 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Happened {
  name: string;
  at: number;
  visitor: string;
  userId: string;
  props: Record<string, string | number | boolean>;
}

type Random = () => number;
const below = (random: Random, most: number) => Math.floor(random() * most);

function messagesOf(random: Random, opened: Omit<Happened, "name">, count: number): Happened[] {
  return Array.from({ length: count }, (_, place) => {
    const at = opened.at + (place + 1) * 20_000;
    const isSent = place % 2 === 1;
    const props: Happened["props"] = { ...opened.props, input_tokens: below(random, 900) };
    if (isSent) {
      // Sixty-fourths, so that sums are the same in any order.
      Object.assign(props, { output_tokens: below(random, 400), cost_usd: below(random, 64) / 64 });
      Object.assign(props, { response_time_ms: 200 + below(random, 5000) });
      if (random() < 0.15) props.error = random() < 0.5 ? "timeout" : "rate_limited";
    }
    // Some products write names with dots.
    return {
      ...opened,
      name: isSent ? (random() < 0.5 ? "message_sent" : "message.sent") : "message_received",
      at,
      props,
    };
  });
}

function conversation(random: Random, number: number): Happened[] {
  const at = START + below(random, DAYS * 24 * 60) * 60_000;
  const person = below(random, 40);
  const props = { agent_id: `agent-${below(random, 4)}`, conversation_id: `c-${String(number).padStart(4, "0")}` };
  const opened = { at, visitor: `v${person}`, userId: person % 3 === 0 ? "" : `u${person}`, props };
  const count = 1 + below(random, 9);
  const events: Happened[] = [{ ...opened, name: "conversation_started" }, ...messagesOf(random, opened, count)];
  if (random() < 0.8) {
    const outcome = { resolved: random() < 0.7, handed_off: random() < 0.2, message_count: count };
    events.push({ ...opened, name: "conversation.ended", at: at + 400_000, props: { ...props, ...outcome } });
  }
  if (random() < 0.4) {
    events.push({
      ...opened,
      name: "feedback_given",
      at: at + 500_000,
      props: { ...props, rating: 1 + below(random, 5) },
    });
  }
  return events;
}

function aside(random: Random, name: string, props: Happened["props"]): Happened {
  const person = below(random, 40);
  return { name, at: START + below(random, DAYS * 24 * 60) * 60_000, visitor: `v${person}`, userId: "", props };
}

/** In order of time. One agent only ever is created. */
export function agentTraffic(seed: number): Happened[] {
  const random = seeded(seed);
  const talk = Array.from({ length: 150 }, (_, number) => conversation(random, number)).flat();
  const others = Array.from({ length: 60 }, (_, number) => [
    aside(random, "document_uploaded", { document_id: `d${number}`, bytes: below(random, 90_000) }),
    aside(random, "api_called", { route: "/v1/run", status: 200 }),
    ...(number % 3 === 0
      ? [aside(random, "document.deleted", { document_id: `d${number}`, bytes: below(random, 9000) })]
      : []),
  ]).flat();
  const silent = { ...aside(random, "agent_created", { agent_id: "silent" }), at: Date.UTC(2025, 9, 25, 12) };
  return [...talk, ...others, silent].toSorted((a, b) => a.at - b.at);
}

export function asImported({ userId, ...event }: Happened, line: number): SentEvent {
  const known = userId === "" ? {} : { userId, consent: { analytics: true } };
  return { ...event, ...known, line, url: "https://app.example/" };
}
