// Beacons at a steady rate, whatever the server does: a beacon that has to wait for a free connection has waited from the
// moment at which it was due. What is answered 503 is sent again, as browsers do.

import { connect, type Socket } from "node:net";
import { replyIn } from "./http-load.ts";
import { requestsOf } from "./requests.ts";

const TICK_MS = 5;
const READ_BYTES = 16 * 1024;

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
  readonly accepted: number;
  /** Settles when no beacon waits for a connection, or after so many milliseconds. */
  drained(patienceMs: number): Promise<void>;
  /** Sends no more, waits for the answers and closes. */
  stop(): Promise<void>;
}

interface Line {
  socket: Socket;
  next: () => Buffer;
  sent: Buffer;
  /** When the beacon under way was due; null when there is none. */
  busySince: number | null;
  unread: string;
}

export const quantile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export function startPacedLoad({ port, site, perSecond, connections }: PacedOptions): PacedLoad {
  const due: number[] = [];
  const answered: { at: number; took: number }[] = [];
  const waiting: number[] = [];
  const idle: Line[] = [];
  let accepted = 0;
  let refused = 0;
  let open = 0;
  const start = performance.now();
  const send = (line: Line, at: number) => {
    line.busySince = at;
    line.sent = line.next();
    line.socket.write(line.sent);
  };
  const onAnswer = (line: Line, status: number) => {
    if (status === 503) {
      line.socket.write(line.sent);
      return;
    }
    const now = performance.now();
    if (status === 202) accepted++;
    else refused++;
    answered.push({ at: now, took: now - (line.busySince ?? now) });
    line.busySince = null;
    const first = waiting.shift();
    if (first === undefined) idle.push(line);
    else send(line, first);
  };
  for (let i = 0; i < connections; i++) {
    const line: Line = {
      next: requestsOf(i, { site, batch: 1, visitors: 100 }),
      sent: Buffer.alloc(0),
      busySince: null,
      unread: "",
      socket: connect({
        host: "127.0.0.1",
        port,
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(READ_BYTES),
          callback(length, buffer) {
            line.unread += Buffer.from(buffer.buffer, buffer.byteOffset, length).toString("latin1");
            const reply = replyIn(line.unread);
            if (reply) {
              line.unread = "";
              onAnswer(line, reply.status);
            }
            return true;
          },
        },
      }),
    };
    line.socket.once("connect", () => {
      open++;
      idle.push(line);
    });
    line.socket.once("error", (error) => {
      throw error;
    });
  }
  const timer = setInterval(() => {
    if (open === 0) return;
    const now = performance.now();
    while (due.length < ((now - start) / 1000) * perSecond) {
      const at = start + (due.length / perSecond) * 1000;
      due.push(at);
      const line = idle.pop();
      if (line) send(line, at);
      else waiting.push(at);
    }
  }, TICK_MS);
  return {
    due,
    latencies: (from, to) =>
      answered
        .filter(({ at }) => at >= from && at <= to)
        .map(({ took }) => took)
        .sort((a, b) => a - b),
    get accepted() {
      return accepted;
    },
    async drained(patienceMs) {
      const deadline = performance.now() + patienceMs;
      while (waiting.length > 0 && performance.now() < deadline) await new Promise((done) => setTimeout(done, TICK_MS));
    },
    async stop() {
      clearInterval(timer);
      while (accepted + refused < due.length) await new Promise((done) => setTimeout(done, TICK_MS));
      for (const { socket } of idle) socket.destroy();
      if (refused > 0) throw new Error(`${refused} of ${due.length} beacons were refused`);
    },
  };
}
