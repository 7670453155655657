// Single events at a steady rate from a thread of its own, so that what measures is not slowed by what floods. A request is
// timed from when it was due, so that one that had to wait for a free connection counts as slow.

import { connect, type Socket } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

export interface PacedOptions {
  port: number;
  site: string;
  perSecond: number;
  seconds: number;
  connections: number;
  userAgent: string;
  /** In the ids and paths of the events, which no two loads share. */
  name: string;
}

export interface PacedResult {
  sent: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Milliseconds, ascending. */
  latencies: number[];
}

const TICK_MS = 5;

/** Resolves when all that was sent is answered; rejects when a connection breaks. */
export function runPacedLoad(options: PacedOptions): Promise<PacedResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { pacedLoad: options } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

interface Line {
  socket: Socket;
  /** When the request under way was due; 0 when there is none. */
  due: number;
  text: string;
}

/** The status once the whole answer is there. */
function statusIn(text: string): string | null {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return null;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  const isWhole = length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= head + 4 + Number(length);
  return isWhole ? text.slice(9, 12) : null;
}

function requestOf({ site, name, userAgent }: PacedOptions, n: number): string {
  const body = JSON.stringify({ site, name: "pageview", url: `https://example.com/${name}/${n}`, id: `${name}.${n}` });
  const head = `POST /api/event HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: ${userAgent}\r\nx-forwarded-for: 198.51.100.${n % 250}`;
  return `${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function drive(options: PacedOptions, done: (result: PacedResult) => void): void {
  const { port, perSecond, seconds, connections } = options;
  const result: PacedResult = { sent: 0, statuses: {}, latencies: [] };
  const waiting: number[] = [];
  const free: Line[] = [];
  const start = performance.now();
  let due = 0;

  const send = (line: Line, at: number): void => {
    line.due = at;
    line.text = "";
    line.socket.write(requestOf(options, result.sent++));
  };
  const answered = (line: Line, status: string): void => {
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    result.latencies.push(performance.now() - line.due);
    const next = waiting.shift();
    if (next === undefined) free.push(line);
    else send(line, next);
  };
  const lines = Array.from({ length: connections }, (): Line => {
    const line: Line = { socket: connect({ port, host: "127.0.0.1", noDelay: true }), due: 0, text: "" };
    line.socket.setEncoding("latin1");
    line.socket.on("data", (text: string) => {
      line.text += text;
      const status = statusIn(line.text);
      if (status !== null) answered(line, status);
    });
    line.socket.on("error", (error) => {
      throw error;
    });
    free.push(line);
    return line;
  });

  const clock = setInterval(() => {
    const now = performance.now();
    const wanted = Math.min(perSecond * seconds, ((now - start) / 1000) * perSecond);
    for (; due < wanted; due++) {
      const at = start + (due / perSecond) * 1000;
      const line = free.pop();
      if (line) send(line, at);
      else waiting.push(at);
    }
    if (due < perSecond * seconds || free.length < connections) return;
    clearInterval(clock);
    for (const { socket } of lines) socket.end();
    result.latencies.sort((a, b) => a - b);
    done(result);
  }, TICK_MS);
}

if (!isMainThread && workerData?.pacedLoad) {
  drive(workerData.pacedLoad as PacedOptions, (result) => parentPort?.postMessage(result)); // given by runPacedLoad
}
