// One WebSocket kept alive: pings, notices a dead line, and reconnects with exponential back-off and jitter.
import type { LiveMessage } from "../../workers/domain/live.ts";

export type Connection = "connecting" | "live" | "waiting" | "paused";

export const PING_MS = 25_000;
export const PONG_WAIT_MS = 10_000;
export const HIDDEN_MS = 120_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Doubles up to 30 s; half of it is chance (`random` in 0..1), so that a restarted server is not stormed. */
export function backOff(attempt: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return wait / 2 + (wait / 2) * random;
}

export interface LiveSocketOptions {
  url: string;
  onMessage: (message: LiveMessage) => void;
  onConnection: (connection: Connection) => void;
}

interface Timers {
  ping: number;
  pong: number;
  retry: number;
  hidden: number;
}

function parse(text: string): LiveMessage | null {
  try {
    return JSON.parse(text) as LiveMessage; // the server of the same build speaks only this
  } catch {
    return null;
  }
}

/** Opens the socket and returns the function that closes it for good. While the tab is hidden for long it rests. */
export function openLiveSocket({ url, onMessage, onConnection }: LiveSocketOptions): () => void {
  let socket: WebSocket | null = null;
  let attempt = 0;
  const timers: Timers = { ping: 0, pong: 0, retry: 0, hidden: 0 };

  function drop(): void {
    // Not that of the hidden tab: it is to rest even where its line was lost meanwhile.
    for (const timer of [timers.ping, timers.pong, timers.retry]) clearTimeout(timer);
    const closing = socket;
    socket = null;
    closing?.close();
  }

  function retry(): void {
    drop();
    onConnection("waiting");
    timers.retry = window.setTimeout(connect, backOff(attempt++, Math.random()));
  }

  function ping(): void {
    clearTimeout(timers.ping);
    clearTimeout(timers.pong);
    socket?.send("ping");
    timers.pong = window.setTimeout(retry, PONG_WAIT_MS);
    timers.ping = window.setTimeout(ping, PING_MS);
  }

  function hear(text: string): void {
    clearTimeout(timers.pong);
    const message = text === "pong" ? null : parse(text);
    if (!message) return;
    attempt = 0;
    onConnection("live");
    onMessage(message);
  }

  function connect(): void {
    drop();
    onConnection("connecting");
    const opened = new WebSocket(url);
    socket = opened;
    const current = () => socket === opened;
    opened.onopen = () => {
      if (current()) timers.ping = window.setTimeout(ping, PING_MS);
    };
    opened.onmessage = (event) => current() && typeof event.data === "string" && hear(event.data);
    opened.onclose = () => current() && retry();
  }

  function pause(): void {
    drop();
    onConnection("paused");
  }

  function visibility(): void {
    clearTimeout(timers.hidden);
    if (document.hidden) timers.hidden = window.setTimeout(pause, HIDDEN_MS);
    else if (!socket) connect();
    // A machine that slept does not know yet that its line is dead.
    else if (socket.readyState === WebSocket.OPEN) ping();
  }

  const online = () => !socket && !document.hidden && connect();
  document.addEventListener("visibilitychange", visibility);
  addEventListener("online", online);
  connect();
  return () => {
    document.removeEventListener("visibilitychange", visibility);
    removeEventListener("online", online);
    clearTimeout(timers.hidden);
    drop();
  };
}
