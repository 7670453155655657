// Requests as browsers send them, as bytes. A pool of visitors, each with an address, a user agent and an id of its own;
// every event has a fresh id, written into the request just before it is sent.

import type { RequestSource } from "./http-load.ts";

const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
];
const REFERRERS = ["", "https://www.google.com/", "https://news.ycombinator.com/", "https://blog.example.net/a"];
const DIGITS = 10;
const COUNTER = "0".repeat(DIGITS);

export interface RequestOptions {
  site: string;
  /** 1 sends an event by itself, more send a batch. */
  batch: number;
  /** Visitors of one connection. */
  visitors: number;
}

interface Template {
  bytes: Buffer;
  /** Where the counters stand. */
  counters: number[];
}

/** The requests of one connection; no two events of any connection share an id. */
export function requestsOf(connection: number, options: RequestOptions): RequestSource {
  const templates = Array.from({ length: options.visitors }, (_, i) =>
    templateFor(connection * options.visitors + i, options),
  );
  let sent = 0;
  let counter = 0;
  return () => {
    const { bytes, counters } = templates[sent++ % templates.length]!; // there is at least one
    for (const at of counters) bytes.write(String(counter++).padStart(DIGITS, "0"), at, "latin1");
    return bytes;
  };
}

function templateFor(visitor: number, { site, batch }: RequestOptions): Template {
  const events = Array.from({ length: batch }, (_, i) => eventOf(visitor, i));
  const body = batch === 1 ? JSON.stringify({ site, ...events[0] }) : JSON.stringify({ site, events });
  const head = [
    "POST /api/event HTTP/1.1",
    "host: 127.0.0.1",
    "content-type: text/plain",
    `user-agent: ${AGENTS[visitor % AGENTS.length]}`,
    "accept-language: de-DE,de;q=0.9,en;q=0.8",
    `x-forwarded-for: 10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`,
    "origin: https://www.example.com",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const text = `${head.join("\r\n")}\r\n\r\n${body}`;
  const bytes = Buffer.from(text, "latin1");
  return { bytes, counters: [...text.matchAll(new RegExp(`-${COUNTER}`, "g"))].map((match) => match.index + 1) };
}

function eventOf(visitor: number, i: number): Record<string, unknown> {
  const isSignup = (visitor + i) % 10 === 0;
  return {
    name: isSignup ? "signup" : "pageview",
    url: `https://www.example.com/blog/post-${(visitor * 7 + i) % 300}`,
    referrer: REFERRERS[visitor % REFERRERS.length],
    title: "A post about something",
    id: `sender${String(visitor).padStart(16, "0")}-${COUNTER}`,
    width: 1280,
    ...(isSignup && { props: { plan: "team", seats: 5 } }),
  };
}
