// Beacons at a steady rate, whatever the server does: a beacon that has to wait for a free connection has waited from the
// moment at which it was due. What is answered 503 or cut off is sent again, as browsers do.

import { connect, type Socket } from "node:net";
import { replyIn } from "./http-load.ts";
import { requestsOf } from "./requests.ts";

const TICK_MS = 5;
const READ_BYTES = 16 * 1024;
const VISITORS_A_LINE = 100;
const RESETS = ["ECONNRESET", "EPIPE"];

export interface PacedOptions {
  port: number;
  site: string;
  perSecond: number;
  connections: number;
}

export interface PacedLoad {
  /** When each beacon was due, milliseconds of `performance.now()`, in the order of sending. */
  readonly due: readonly number[];
  /** Milliseconds from due to answered, of beacons answered between two moments, ascending. */
  latencies(from: number, to: number): number[];
  /** Settles when no beacon waits for a connection, or after so many milliseconds. */
  drained(patienceMs: number): Promise<void>;
  /** Lets no more become due, waits for the answers and closes; what still waits for a connection is sent first, or dropped. */
  stop(rest: "send" | "drop"): Promise<void>;
}

interface Beacons {
  next: () => Buffer;
  sent: Buffer;
  /** When the beacon under way was due; null when there is none. */
  busySince: number | null;
}

interface Line extends Beacons {
  socket: Socket;
}

export const quantile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

interface Calls {
  opened: (line: Line) => void;
  answered: (line: Line, status: number) => void;
  /** The server closes a connection that was idle for some seconds. */
  closed: (line: Line) => void;
}

/** A connection of its own, which calls back when it is open, with the status of each answer, and when it is closed. */
function openLine(port: number, beacons: Beacons, calls: Calls): void {
  let unread = "";
  const callback = (length: number, buffer: Uint8Array): boolean => {
    unread += Buffer.from(buffer.buffer, buffer.byteOffset, length).toString("latin1");
    const reply = replyIn(unread);
    if (reply) {
      unread = "";
      calls.answered(line, reply.status);
    }
    return true;
  };
  const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback };
  const line: Line = {
    ...beacons,
    socket: connect({ host: "127.0.0.1", port, noDelay: true, onread }),
  };
  line.socket.once("connect", () => calls.opened(line));
  line.socket.once("error", (error) => {
    if (!("code" in error && RESETS.includes(String(error.code)))) throw error;
  });
  line.socket.once("close", () => calls.closed(line));
}

function send(line: Line, dueAt: number): void {
  line.busySince = dueAt;
  line.sent = line.next();
  line.socket.write(line.sent);
}

export function startPacedLoad(options: PacedOptions): PacedLoad {
  const { port, site } = options;
  const due: number[] = [];
  const answers: { at: number; took: number }[] = [];
  const waiting: number[] = [];
  const idle: Line[] = [];
  const ends: Record<string, number> = { "202": 0 };
  const start = performance.now();

  const answered = (line: Line, status: number): void => {
    if (status === 503) {
      line.socket.write(line.sent);
      return;
    }
    const now = performance.now();
    ends[status] = (ends[status] ?? 0) + 1;
    answers.push({ at: now, took: now - (line.busySince ?? now) });
    line.busySince = null;
    opened(line);
  };
  const opened = (line: Line): void => {
    if (line.busySince !== null) {
      line.socket.write(line.sent);
      return;
    }
    const first = waiting.shift();
    if (first === undefined) idle.push(line);
    else send(line, first);
  };
  let isOver = false;
  const closed = (line: Line): void => {
    if (isOver) return;
    const place = idle.indexOf(line);
    if (place >= 0) idle.splice(place, 1);
    openLine(port, line, { opened, answered, closed });
  };
  for (let connection = 0; connection < options.connections; connection++) {
    const next = requestsOf(connection, { site, batch: 1, visitors: VISITORS_A_LINE });
    openLine(port, { next, sent: Buffer.alloc(0), busySince: null }, { opened, answered, closed });
  }
  const timer = setInterval(() => {
    while (due.length < ((performance.now() - start) / 1000) * options.perSecond) {
      const at = start + (due.length / options.perSecond) * 1000;
      due.push(at);
      const line = idle.pop();
      if (line) send(line, at);
      else waiting.push(at);
    }
  }, TICK_MS);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((done) => setTimeout(done, TICK_MS));
  };
  return {
    due,
    latencies: (from, to) =>
      answers.flatMap(({ at, took }) => (at >= from && at <= to ? [took] : [])).sort((a, b) => a - b),
    async drained(patienceMs) {
      const deadline = performance.now() + patienceMs;
      await until(() => waiting.length === 0 || performance.now() > deadline);
    },
    async stop(rest) {
      clearInterval(timer);
      // Those that wait are the last that became due.
      if (rest === "drop") due.length -= waiting.splice(0).length;
      await until(() => answers.length === due.length);
      isOver = true;
      for (const { socket } of idle) socket.destroy();
      const { "202": _, ...refused } = ends;
      if (Object.keys(refused).length > 0) throw new Error(`beacons were refused: ${JSON.stringify(refused)}`);
    },
  };
}
