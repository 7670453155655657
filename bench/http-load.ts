// An HTTP/1.1 client that costs as little as it can, since it shares the cores with the server that it measures: raw
// keep-alive sockets, requests built beforehand, one request at a time on each.

import { connect, type Socket } from "node:net";

/** The requests of one connection: bytes that stay untouched until they are asked for again. */
export type RequestSource = () => Buffer;

export interface LoadOptions {
  host: string;
  port: number;
  connections: number;
  /** Called once a connection. */
  requestsOf: (connection: number) => RequestSource;
  /** Warming up lasts as long as told and until so many were answered, but at most four times as long. */
  warmUpMs: number;
  warmUpRequests: number;
  measureMs: number;
  /** Called when warming up is over and when measuring is, to read clocks. */
  onPhase?: (phase: "measure" | "end") => void;
}

export interface LoadResult {
  /** Requests answered 202 between the two phases, and how long that was. */
  answered: number;
  seconds: number;
  /** Answered 202 in all, warming up and running dry included. */
  answeredInAll: number;
  /** Sum of `accepted` of all replies, where a body was one. */
  accepted: number;
  /** Answers by other statuses. */
  refused: Record<string, number>;
  /** Milliseconds that requests of the measured phase took, ascending. */
  latencies: Float64Array;
}

const READ_BYTES = 64 * 1024;

/** Sends for as long as told, waits for what is under way and resolves; rejects when a connection breaks. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const refused: Record<string, number> = {};
  const result = { answered: 0, answeredInAll: 0, accepted: 0, refused };
  const latencies: number[] = [];
  let phase: "warm-up" | "measure" | "end" = "warm-up";
  const start = performance.now();
  let measuredFrom = 0;
  let measuredTo = 0;

  const isWarm = (now: number): boolean => {
    const share = (now - start) / options.warmUpMs;
    return share >= 4 || (share >= 1 && result.answeredInAll >= options.warmUpRequests);
  };
  const advance = (now: number): void => {
    if (phase === "warm-up" && isWarm(now)) {
      phase = "measure";
      measuredFrom = now;
      options.onPhase?.("measure");
    } else if (phase === "measure" && now >= measuredFrom + options.measureMs) {
      phase = "end";
      measuredTo = now;
      options.onPhase?.("end");
    }
  };
  const onAnswer = ({ status, accepted }: Reply, sentAt: number): boolean => {
    const now = performance.now();
    if (status !== 202) refused[status] = (refused[status] ?? 0) + 1;
    else {
      result.answeredInAll++;
      result.accepted += accepted;
      if (phase === "measure") {
        result.answered++;
        latencies.push(now - sentAt);
      }
    }
    advance(now);
    return phase !== "end";
  };

  const all = Array.from({ length: options.connections }, (_, i) =>
    talk({ host: options.host, port: options.port, next: options.requestsOf(i), onAnswer }),
  );
  await Promise.all(all);
  return { ...result, seconds: (measuredTo - measuredFrom) / 1000, latencies: Float64Array.from(latencies).sort() };
}

export interface Reply {
  status: number;
  accepted: number;
}

interface Conversation {
  host: string;
  port: number;
  next: RequestSource;
  /** Whether to send another. */
  onAnswer: (reply: Reply, sentAt: number) => boolean;
}

function talk({ host, port, next, onAnswer }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let unread = "";
    const send = (): void => {
      sentAt = performance.now();
      socket.write(next());
    };
    const read = (length: number, buffer: Uint8Array): boolean => {
      unread += Buffer.from(buffer.buffer, buffer.byteOffset, length).toString("latin1");
      const reply = replyIn(unread);
      if (!reply) return true;
      unread = "";
      if (onAnswer(reply, sentAt)) send();
      else {
        socket.destroy();
        resolve();
      }
      return true;
    };
    // A buffer of its own spares the stream machinery an allocation for each answer.
    const socket: Socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafe(READ_BYTES), callback: read },
    });
    socket.once("connect", send);
    socket.once("error", reject);
    socket.once("end", () => reject(new Error("the server closed a connection in mid-load")));
  });
}

const LENGTH = /\r\ncontent-length: *(\d+)/i;
const ACCEPTED = /"accepted":(\d+)/;

/** The reply at the start of `text`, or null while part of it is missing. Replies carry their length. */
export function replyIn(text: string): Reply | null {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return null;
  const length = Number(LENGTH.exec(text.slice(0, head))?.[1] ?? 0);
  if (text.length < head + 4 + length) return null;
  const accepted = ACCEPTED.exec(text.slice(head + 4))?.[1];
  return { status: Number(text.slice(9, 12)), accepted: Number(accepted ?? 0) };
}
